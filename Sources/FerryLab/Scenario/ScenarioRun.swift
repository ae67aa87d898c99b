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
        public var isRight: Bool { expected.contains(result.outcome) }
    }

    private let scenario: Scenario
    private let range: NetworkRange

    /// A run of `scenario` in `range`.
    public init(_ scenario: Scenario, in range: NetworkRange) {
        self.scenario = scenario
        self.range = range
    }

    /// Plays it.
    /// - Parameter tell: called with each look.
    /// - Returns: whether every look is right.
    public func run(_ tell: (Look) -> Void) throws(FerryError) -> Bool {
        try settle()
        var isRight = try look(.before, tell)
        if let name = scenario.fault {
            guard let fault = range.topology.faults.first(where: { $0.name == name }) else {
                throw FerryError(
                    .labUnknown,
                    operation: "find",
                    subject: "the fault \(name)",
                    cause: "the topology \(range.topology.name) has no such fault",
                    advice: "Name one of \(range.topology.faults.map(\.name).joined(separator: ", "))."
                )
            }
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
        for _ in 0..<5 where try first.probe.run(in: range).outcome != .ok {}
    }

    private func look(_ moment: Look.Moment, _ tell: (Look) -> Void) throws(FerryError) -> Bool {
        var isRight = true
        for sign in scenario.signs {
            if moment == .armed { for _ in 0..<sign.before { _ = try sign.probe.run(in: range) } }
            let expected = moment == .armed ? sign.sees : [.ok]
            let look = Look(
                moment: moment,
                probe: sign.probe,
                result: try sign.probe.run(in: range),
                expected: expected
            )
            tell(look)
            isRight = isRight && look.isRight
        }
        return isRight
    }
}
