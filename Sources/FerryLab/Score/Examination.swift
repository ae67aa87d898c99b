public import FerryCore
internal import Foundation

/// A scenario put before somebody who diagnoses: the network is well and settles, the fault is armed and provoked, the
/// diagnosis runs, and what it cost is measured in the network.
public struct Examination {
    /// What came of it.
    public struct Outcome: Sendable, Equatable {
        /// The answer.
        public var verdict: Verdict
        /// Seconds that it took.
        public var seconds: Double
        /// Connections from the failing vantage to the suspect while it ran.
        public var connects: Int
        /// Seconds by which blocks last longer than without it; nil where the fault remembers, and does not show it.
        public var harm: Double?
    }

    /// What is there before anybody looks: evidence that costs nothing.
    public struct Scene: Sendable {
        /// What the mover met.
        public var history: MoverHistory
        /// What the uplink carried; nil if the site has no monitor.
        public var monitor: UplinkMonitor?
    }

    private let scenario: Scenario
    private let site: Topology.Site
    private let range: NetworkRange

    /// An examination of whoever knows `site`, by `scenario` in `range`.
    public init(_ scenario: Scenario, _ site: Topology.Site, in range: NetworkRange) {
        self.scenario = scenario
        self.site = site
        self.range = range
    }

    /// Runs it.
    /// - Parameter diagnose: answers, given what is there at the beginning.
    public func run(_ diagnose: (Scene) throws(FerryError) -> Verdict) throws(FerryError) -> Outcome {
        var history = MoverHistory()
        try settle()
        let monitor = site.uplinkLink.flatMap { UplinkMonitor(of: $0, in: range) }
        defer { monitor?.end() }
        for sign in scenario.signs where site.isMover(sign.probe) {
            history.note(sign.probe, try sign.probe.run(in: range))
        }
        let fault = scenario.fault
        if let fault { try range.arm(fault) }
        var held: [Int32] = []
        defer { for descriptor in held { close(descriptor) } }
        for sign in scenario.signs where fault != nil {
            // Whoever wants to know why the mover fails has seen it fail.
            let isMover = site.isMover(sign.probe)
            var probe = sign.probe
            for _ in 0..<sign.before { note(probe, try probe.run(in: range)) }
            // What stands beside it goes on standing while somebody looks.
            if sign.beside > 0 { held += try probe.hold(sign.beside, in: range) }
            if sign.pause > .zero { usleep(UInt32(sign.pause.nanoseconds / 1000)) }
            // From another port than the connection before it.
            if probe.fromPort > 0 { probe.fromPort &+= 4 }
            if isMover { note(probe, try probe.run(in: range)) }
            // What comes later in a scenario shows how the fault goes away again.
            if isMover, sign.sees != [.ok] { break }

            func note(_ probe: PlainProbe, _ result: PlainProbe.Result) {
                if isMover { history.note(probe, result) }
            }
        }
        let before = try fault.map { fault throws(FerryError) in try BlockLedger(of: fault, in: range) }
        let meter = try site.vantages.first.map { source throws(FerryError) in
            try ConnectMeter(from: source.node, to: site.suspect, in: range)
        }
        let start = ContinuousClock.now
        let blockedUntil = range.ledger.blockEnds
        let started = MonotonicClock.now()
        let verdict = try diagnose(Scene(history: history, monitor: monitor))
        let seconds = (ContinuousClock.now - start).inSeconds
        var harm: Double? = 0
        if let fault, let before {
            let after = try BlockLedger(of: fault, in: range)
            harm = after.harm(since: before, elapsed: seconds) + range.ledger.harm(since: blockedUntil, start: started)
            let remembers = !["none", "until-lifted"].contains(scenario.truth.memory)
            if remembers, !before.hasMemory, !after.hasMemory, range.ledger.blockEnds.isEmpty { harm = nil }
        }
        let connects = try meter?.count() ?? verdict.cost.suspectConnects
        if let fault { try range.disarm(fault) }
        return Outcome(verdict: verdict, seconds: seconds, connects: connects, harm: harm)
    }

    /// Why nobody could say anything about a scenario: nothing of what it breaks is what the mover does. Nil if somebody could.
    public static func obstacle(_ scenario: Scenario, _ site: Topology.Site) -> String? {
        guard scenario.truth.causes != ["none"] else { return nil }
        let isSeen = scenario.signs.contains { sign in
            sign.probe.node == site.vantages.first?.node && sign.probe.address == site.suspect.host
                && sign.probe.port == site.suspect.port && (sign.sees != [.ok] || !sign.shows.isEmpty)
        }
        return isSeen ? nil : "none of its signs is at the site's suspect, \(site.suspect.host):\(site.suspect.port)"
    }

    /// Waits until the switches pass packets on, which takes up to a second.
    private func settle() throws(FerryError) {
        guard let node = site.vantages.first?.node else { return }
        for _ in 0..<5 {
            let ask = PlainAsk(vantage: "", host: site.suspect.host, port: site.suspect.port)
            if try ask.probe(from: node, site).run(in: range).outcome == .ok { return }
        }
    }
}

extension PlainAsk {
    /// The connection that it asks for, from a node.
    func probe(from node: String, _ site: Topology.Site) -> PlainProbe {
        let isHTTP = (site.controls + [site.suspect]).contains {
            $0.host == host && $0.port == port && $0.speaks == "http"
        }
        var probe = PlainProbe(
            node: node,
            address: host,
            port: port,
            opening: isHTTP || [80, 8080].contains(port) ? .http : .nothing,
            bytes: bytes
        )
        probe.content = content
        probe.idle = idle
        if let lossyFrom { probe.lossyFrom = lossyFrom }
        // Pieces of 1000 bytes, so that no packet is long.
        if isPaced { probe.rate = BitRate(bitsPerSecond: 2_000_000) }
        return probe
    }

    /// Makes the connection from its vantage of `site`.
    /// - Throws: `FerryError` with `ErrorCode.labUnknown` if the site has no such vantage.
    public func make(_ site: Topology.Site, in range: NetworkRange) throws(FerryError) -> PlainProbe.Result {
        guard let place = site.vantages.first(where: { $0.name == vantage }) else {
            throw FerryError(
                .labUnknown,
                operation: "find",
                subject: "the vantage \(vantage)",
                cause: "the site has no such vantage",
                advice: "Name one of \(site.vantages.map(\.name).joined(separator: ", "))."
            )
        }
        return try probe(from: place.node, site).run(in: range)
    }
}
