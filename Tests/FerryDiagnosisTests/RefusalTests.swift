import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// Who refuses, by what the refusal shows of itself.
@Suite struct RefusalTests {
    private static let contact = Contact.failing

    private static func record(_ outcome: ProbeOutcome, after seconds: Double = 0.03) -> ProbeRecord {
        var record = ProbeRecord(
            ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync),
            startedAt: "2026-01-01T00:00:00Z"
        )
        record.outcome = outcome
        record.destination = "203.0.113.11:8703"
        (record.closedBy, record.failureSeconds) = (.peer, seconds)
        return record
    }

    private static func findings(_ record: ProbeRecord, hostTimeToLive: Int? = nil) -> [Finding] {
        ProbeReading(contact: contact, record: record, reference: 0.03, hostTimeToLive: hostTimeToLive).findings
    }

    @Test(arguments: [(54, false), (53, true)])
    func refusalIsComparedWithTheHostsAnswersAtOtherPorts(timeToLive: Int, isAsFar: Bool) {
        var record = Self.record(.refusedFull)
        var closing = PacketFacts(seconds: 0.03, flags: "RA")
        closing.timeToLive = timeToLive
        record.closing = closing
        let findings = Self.findings(record, hostTimeToLive: 53)
        #expect(findings.contains(.endComesFromAsFar(Self.contact, .refusedFull, isAsFar)))
        #expect(!Self.findings(record).contains { if case .endComesFromAsFar = $0 { true } else { false } })
    }

    @Test(arguments: [
        ("203.0.113.11", 0.031, Finding.Rejecter.host), ("10.20.3.2", 0.002, .nearby), ("10.40.2.2", 0.029, .faraway),
    ])
    func whoSendsAnICMPErrorIsTold(from: String, seconds: Double, expected: Finding.Rejecter) {
        var record = Self.record(.icmp, after: seconds)
        record.closedBy = .network
        record.icmp = ICMPFacts(type: 3, code: 13, from: from, seconds: seconds)
        #expect(Self.findings(record).contains(.rejecter(Self.contact, .icmp, expected)))
    }

    @Test func whatComesFromTheHostIsNotBlamedOnTheSourcesFirewall() {
        func share(_ rejecter: Finding.Rejecter, _ cause: Cause) -> Double {
            var belief = Belief(.cautious)
            belief.take(.outcome(Self.contact, .icmp), in: Scene())
            belief.take(.rejecter(Self.contact, .icmp, rejecter), in: Scene())
            return belief.shares(\.cause).first { $0.key == cause }?.share ?? 0
        }
        #expect(share(.host, .firewallReject) < share(.host, .securityGroup))
        #expect(share(.nearby, .firewallReject) > share(.nearby, .securityGroup))
    }

    @Test(arguments: [
        (11, 0, Cause.carrierBlackHole), (3, 0, .carrierBlackHole), (3, 13, .securityGroup), (3, 3, .securityGroup),
    ])
    func routersAndFiltersAreToldByWhatTheirErrorsSay(type: Int, code: Int, leader: Cause) {
        // For the kernel, an unreachable port is a refused connection.
        var record = Self.record((type, code) == (3, 3) ? .refusedFull : .icmp, after: 0.029)
        record.closedBy = .network
        record.icmp = ICMPFacts(type: type, code: code, from: "10.40.2.2", seconds: 0.029)
        var belief = Belief(.cautious)
        for finding in Self.findings(record) { belief.take(finding, in: Scene()) }
        func share(_ cause: Cause) -> Double { belief.shares(\.cause).first { $0.key == cause }?.share ?? 0 }
        let rival = leader == .securityGroup ? Cause.carrierBlackHole : .securityGroup
        #expect(share(leader) > 2 * share(rival))
    }

    @Test(arguments: [("SSH-2.0-OpenSSH_9.2p1", true), ("@RSYNCD: 31.0", false)])
    func aStrangerAtThePortIsKnownByItsWords(words: String, isStranger: Bool) {
        var record = Self.record(.midClosed)
        record.phase = .receive
        record.text = words
        #expect(Self.findings(record).contains(.speaksAnother(Self.contact)) == isStranger)
        var belief = Belief(.cautious)
        for finding in Self.findings(record) { belief.take(finding, in: Scene()) }
        let leader = belief.shares(\.cause).first?.key
        #expect((leader == .staleStagingAddress) == isStranger, "\(String(describing: leader))")
    }

    @Test(arguments: [
        ("@ERROR: max connections (4) reached -- try again later", true), ("HTTP/1.1 429 Too Many Requests", true),
        ("HTTP/1.1 503 Service Unavailable", false),
    ])
    func aLimitIsNamedOnlyIfTheServiceNamesOne(words: String, isLimit: Bool) {
        var record = Self.record(.applicationError)
        record.text = words
        #expect(Self.findings(record).contains(.refusalNamesLimit(isLimit)))
        var belief = Belief(.cautious)
        for finding in Self.findings(record) { belief.take(finding, in: Scene()) }
        let leader = belief.likeliest { $0.cause == .serviceRefuses }
        #expect((leader?.trigger == .concurrency) == isLimit)
    }

    @Test(arguments: [("HTTP/1.1 400 Bad Request", true), ("@ERROR: access denied", false)])
    func aSuspectThatSpeaksAnotherProtocolIsToldAndNotBlamed(words: String, isAnother: Bool) throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        var count = 0
        engine.drive { experiment in
            guard let plan = experiment.probe else { return ExperimentResult() }
            count += 1
            var (result, record) = (ExperimentResult(), ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z"))
            (record.outcome, record.destination, record.text) = (.applicationError, plan.place, words)
            (record.phase, record.closedBy) = (.receive, .peer)
            result.probe = record
            if let control = experiment.control {
                var other = ProbeRecord(control, startedAt: "2026-01-01T12:00:00Z")
                (other.outcome, other.destination) = (.ok, control.place)
                (result.before, result.after) = (other, other)
            }
            return count < 4 ? result : nil
        }
        #expect((engine.verdict.level == .noVerdict) == isAnother, "\(engine.verdict)")
        #expect(engine.notesOfDeclaredProtocol.count == (isAnother ? 1 : 0))
    }
}
