public import FerryCore
internal import Foundation

/// Plays a scenario: looks at the network while it is well, breaks it, looks again, mends it, and looks once more.
public struct ScenarioRun {
    /// What one connection met, and what it should have met.
    public struct Look: Sendable, Equatable {
        /// When.
        public enum Moment: String, Sendable, Codable {
            case before
            case armed
            case after
        }

        /// When.
        public var moment: Moment
        /// The connection.
        public var probe: PlainProbe
        /// What it met.
        public var result: PlainProbe.Result
        /// What it should have met.
        public var expected: [PlainOutcome]
        /// What else should be seen of it, all of that.
        public var shown: Set<PlainEvidence>
        /// What should not be seen of it.
        public var hidden: Set<PlainEvidence>

        /// Whether it is as it should be.
        public var isRight: Bool {
            expected.contains { result.outcome.agrees(with: $0) } && shown.isSubset(of: result.evidence)
                && hidden.isDisjoint(with: result.evidence)
        }
    }

    private let scenario: Scenario
    private let range: NetworkRange
    /// How long each sign's handshake took while the network was well.
    private var roundTrips: [Duration?]
    /// Connections made, so that none takes a port that another has just left.
    private var made: UInt16 = 0

    /// A run of `scenario` in `range`.
    public init(_ scenario: Scenario, in range: NetworkRange) {
        self.scenario = scenario
        self.range = range
        roundTrips = scenario.signs.map { _ in nil }
    }

    /// Plays it.
    /// - Parameter tell: called with each look.
    /// - Returns: whether every look is right.
    public mutating func run(_ tell: (Look) -> Void) throws(FerryError) -> Bool {
        try settle()
        var isRight = try look(.before, tell)
        if let fault = scenario.fault {
            try range.arm(fault)
            isRight = try look(.armed, tell) && isRight
            try range.disarm(fault)
            isRight = try look(.after, tell) && isRight
        }
        return isRight
    }

    /// Waits until the switches pass packets on: they take up to a second.
    private mutating func settle() throws(FerryError) {
        guard let first = scenario.signs.first else { return }
        var probe = first.probe
        probe.bytes = 0
        for _ in 0..<5 where try connect(probe).outcome != .ok {}
    }

    private mutating func look(_ moment: Look.Moment, _ tell: (Look) -> Void) throws(FerryError) -> Bool {
        var isRight = true
        for (index, sign) in scenario.signs.enumerated() {
            var result = try moment == .armed ? provoke(sign, roundTrips[index]) : plain(sign, roundTrips[index])
            // What was under way when the fault was mended has its time to come.
            for _ in 0..<4 where moment == .after && !isWell(result, sign) {
                usleep(500_000)
                result = try plain(sign, roundTrips[index])
            }
            // A lost request for a connection is chance, on a line that loses: once is forgiven.
            let expected = moment == .armed ? sign.sees : [.ok]
            if result.outcome == .lateConnect, expected.contains(.ok), !expected.contains(.lateConnect) {
                result = try plain(sign, roundTrips[index])
            }
            // On a busy machine an answer may be late; none is too early by chance.
            for _ in 0..<4 where moment == .armed && isLate(result, sign) {
                result = try plain(sign, roundTrips[index])
            }
            if moment == .before, result.outcome == .ok { roundTrips[index] = result.connectTime }
            let isArmed = moment == .armed
            let look = Look(
                moment: moment,
                probe: sign.probe,
                result: result,
                expected: expected,
                shown: isArmed ? sign.shows : [],
                hidden: isArmed ? [] : sign.shows
            )
            tell(look)
            isRight = isRight && look.isRight
        }
        return isRight
    }

    private func isWell(_ result: PlainProbe.Result, _ sign: Scenario.Sign) -> Bool {
        result.outcome == .ok && sign.shows.isDisjoint(with: result.evidence)
    }

    /// Whether it is as `sign` claims but for taking longer.
    private func isLate(_ result: PlainProbe.Result, _ sign: Scenario.Sign) -> Bool {
        if result.outcome == .refusedFull { return sign.sees.contains(.refusedFast) }
        return sign.sees.contains(result.outcome) && sign.shows.contains(.shortHandshake)
            && !result.evidence.contains(.shortHandshake)
    }

    private mutating func connect(_ probe: PlainProbe) throws(FerryError) -> PlainProbe.Result {
        var probe = probe
        if probe.fromPort > 0 {
            probe.fromPort &+= 4 &* made
            made &+= 1
        }
        return try probe.run(in: range)
    }

    private mutating func plain(_ sign: Scenario.Sign, _ roundTrip: Duration?) throws(FerryError) -> PlainProbe.Result {
        var probe = sign.probe
        probe.roundTrip = roundTrip
        return try connect(probe)
    }

    private mutating func provoke(_ sign: Scenario.Sign, _ roundTrip: Duration?) throws(FerryError) -> PlainProbe.Result
    {
        var probe = sign.probe
        probe.roundTrip = roundTrip
        for _ in 0..<sign.before { _ = try connect(probe) }
        let held = sign.beside > 0 ? try probe.hold(sign.beside, in: range) : []
        defer { for descriptor in held { close(descriptor) } }
        if sign.pause > .zero { usleep(UInt32(sign.pause.nanoseconds / 1000)) }
        return try connect(probe)
    }
}
