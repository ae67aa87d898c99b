import FerryAddress
import FerryEvidence

@testable import FerryDiagnosis

/// A network in which one hypothesis is true: it answers experiments by what the model says that such a network does, drawn by
/// a seed. What an engine makes of it shows whether the engine can find what its own model distinguishes.
struct SimulatedNetwork {
    let truth: Hypothesis
    let site: Site
    let tier: Int
    /// Routers on the way to the suspect's host. With some, times to live are seen, and ladders are answered.
    var way: [String] = []
    /// How many of them what ends connections is behind.
    var speaksBehind = 0
    /// Ends that the site declares, and at which nothing listens.
    var absent: Set<Contact.End> = []
    private var state: UInt64
    /// The local port of controls; they are no connections in question.
    private static let controlPort: UInt16 = 41_000

    init(_ truth: Hypothesis, _ site: Site, tier: Int, seed: UInt64) {
        self.truth = truth
        self.site = site
        self.tier = tier
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// A number from 0 to 1 (xorshift64*).
    private mutating func chance() -> Double {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Double((state &* 2_685_821_657_736_338_717) >> 11) / Double(1 << 53)
    }

    private mutating func outcome(_ contact: Contact, _ scene: Scene) -> ProbeOutcome {
        if absent.contains(contact.end) { return .refusedFull }
        let distribution = ContactModel.outcomesOfService(truth, contact, scene)
        var left = chance()
        for outcome in ProbeOutcome.allCases {
            left -= distribution[outcome]
            if left <= 0 { return outcome }
        }
        return .ok
    }

    /// Where a host's name leads.
    private func address(_ host: String, _ contact: Contact) -> String {
        guard IPAddress(parsing: host) == nil else { return host }
        let isLedAstray = truth.cause == .dnsWrong && PathModel.crosses(contact, truth.cause, at: truth.locus) > 0.5
        return isLedAstray ? "192.0.2.99" : "203.0.113.11"
    }

    mutating func answer(_ experiment: Experiment, _ scene: Scene) -> ExperimentResult {
        var result = ExperimentResult()
        let view = SiteView(site, tier: tier)
        if let control = experiment.control {
            result.before = record(control, view.contact(control), scene)
            result.after = record(control, view.contact(control), scene)
            result.before?.source = "10.10.1.2:\(Self.controlPort)"
            result.after?.source = "10.10.1.2:\(Self.controlPort)"
        }
        if let ladder = experiment.ladder { result.ladder = climbed(ladder) }
        guard let plan = experiment.probe, let contact = experiment.contact else { return result }
        let probe = record(plan, contact, scene)
        result.probe = probe
        for watch in experiment.watches {
            guard let vantage = site.vantages.first(where: { $0.name == watch.vantage }) else { continue }
            var seen = WatchRecord(watch, startedAt: "2026-01-01T00:00:00Z")
            let server = address(plan.host, contact)
            if let control = experiment.control, result.before?.outcome.worked == true,
                control.host == plan.host, watch.ports.contains(control.port)
            {
                let end = address(control.host, view.contact(control))
                seen.flows.append(opened(end, control.port, by: Self.controlPort))
            }
            let passes = PassageModel.requestPasses(truth, contact, probe.outcome, to: vantage.position, scene)
            if chance() < passes {
                let client = contact.source == .failing ? "198.18.2.62" : "198.18.2.60"
                var flow = opened(server, plan.port, from: client)
                if chance() < PassageModel.answerPasses(truth, contact, probe.outcome, at: vantage.position, scene) {
                    flow.fromServer.openings = [PacketFacts(seconds: 0.01, flags: "SA")]
                }
                seen.flows.append(flow)
            }
            result.watches.append(seen)
        }
        return result
    }

    /// A connection as somebody sees it who watches.
    private func opened(
        _ server: String,
        _ port: UInt16,
        from client: String = "198.18.2.62",
        by local: UInt16 = 40_000
    ) -> SeenFlow {
        var flow = SeenFlow(client: client, clientPort: local, server: server, serverPort: port)
        flow.fromClient.openings = [PacketFacts(seconds: 0, flags: "S")]
        return flow
    }

    private func climbed(_ plan: LadderPlan) -> LadderRecord {
        var record = LadderRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.steps = way.prefix(plan.most).enumerated().map { index, address in
            LadderRecord.Step(timeToLive: index + 1, answer: .expired, from: address, seconds: 0.01)
        }
        let host = LadderRecord.Step(timeToLive: way.count + 1, answer: .reached, from: nil, seconds: 0.03)
        if way.count < plan.most { record.steps.append(host) }
        record.requests = record.steps.count
        return record
    }

    /// What is captured of it.
    private func capture(_ record: inout ProbeRecord) {
        let closed: [ProbeOutcome] = [
            .refusedFast, .refusedFull, .connectReset, .connectClosed, .midReset, .midClosed,
        ]
        if !record.outcome.isBeforeHandshake {
            var answer = PacketFacts(seconds: 0.03, flags: "SA")
            answer.timeToLive = 64 - way.count
            record.handshake = HandshakeFacts(requests: [], answers: [answer], roundTripSeconds: 0.03)
        }
        guard closed.contains(record.outcome) else { return }
        var closing = PacketFacts(seconds: 0.04, flags: truth.mechanism == .close ? "FA" : "R")
        closing.timeToLive = 64 - speaksBehind
        (record.closing, record.closedBy) = (closing, .peer)
    }

    private mutating func record(_ plan: ProbePlan, _ contact: Contact, _ scene: Scene) -> ProbeRecord {
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = outcome(contact, scene)
        let number = site.vantages.firstIndex { $0.name == plan.vantage } ?? 0
        record.source = "\(plan.sourceAddress ?? "10.10.1.\(2 + number)"):\(plan.sourcePort ?? 40_000)"
        record.destination = "\(address(plan.host, contact)):\(plan.port)"
        record.bytesSent = record.outcome.worked ? contact.bytes : 0
        record.failureSeconds = record.outcome == .refusedFast ? 0.001 : 0.031
        if !record.outcome.isBeforeHandshake { record.connectSeconds = record.outcome == .lateConnect ? 1.03 : 0.03 }
        record.durationSeconds = record.outcome == .slowShaped ? 30 : 0.2
        if record.outcome == .slowLossy {
            var tcp = TCPFacts(seconds: 0)
            let severe = TransferModel.loss(truth, contact, .severe, scene)
            (tcp.bytesSent, tcp.bytesRetransmitted) = (contact.bytes, contact.bytes / (chance() < severe ? 5 : 25))
            record.tcp = tcp
        }
        if !way.isEmpty { capture(&record) }
        return record
    }
}
