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

        /// Whether it is as it should be.
        public var isRight: Bool { expected.contains { result.outcome.agrees(with: $0) } }
    }

    private let scenario: Scenario
    private let range: NetworkRange
    /// How long each sign's handshake took while the network was well.
    private var roundTrips: [Duration?]

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
    private func settle() throws(FerryError) {
        guard let first = scenario.signs.first else { return }
        var probe = first.probe
        probe.bytes = 0
        for _ in 0..<5 where try probe.run(in: range).outcome != .ok {}
    }

    private mutating func look(_ moment: Look.Moment, _ tell: (Look) -> Void) throws(FerryError) -> Bool {
        var isRight = true
        for (index, sign) in scenario.signs.enumerated() {
            let result = try moment == .armed ? provoke(sign, roundTrips[index]) : sign.probe.run(in: range)
            if moment == .before, result.outcome == .ok { roundTrips[index] = result.connectTime }
            let expected = moment == .armed ? sign.sees : [.ok]
            let look = Look(moment: moment, probe: sign.probe, result: result, expected: expected)
            tell(look)
            isRight = isRight && look.isRight
        }
        return isRight
    }

    private func provoke(_ sign: Scenario.Sign, _ roundTrip: Duration?) throws(FerryError) -> PlainProbe.Result {
        var probe = sign.probe
        probe.roundTrip = roundTrip
        for _ in 0..<sign.before { _ = try probe.run(in: range) }
        let held = sign.beside > 0 ? try probe.hold(sign.beside, in: range) : []
        defer { for descriptor in held { close(descriptor) } }
        if sign.pause > .zero { usleep(UInt32(sign.pause.nanoseconds / 1000)) }
        return try probe.run(in: range)
    }
}
