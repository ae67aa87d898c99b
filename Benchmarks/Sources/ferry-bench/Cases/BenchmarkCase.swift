import ArgumentParser

/// One question the benchmark answers.
enum BenchmarkCase: String, CaseIterable, Codable, ExpressibleByArgument {
    case first
    case firstShaped = "first-200"
    case delta
    case sister
    case kill
    case rate
    case memory
    case idle

    /// The headline of its table.
    var title: String {
        switch self {
        case .first: "First copy of W1, open link"
        case .firstShaped: "First copy of W1, link of \(BenchmarkCase.shapedMegabits) Mbit/s"
        case .delta: "W2 where W1 is, open link"
        case .sister: "W3 where W1 of another server is, open link"
        case .kill: "Killed and resumed, W1, open link"
        case .rate: "Rate budget of \(RateCase.budgetMegabits) Mbit/s, open link"
        case .memory: "Memory with the agent's default limits, W1, open link"
        case .idle: "Load on the source server at \(IdleCase.budgetMegabits) Mbit/s"
        }
    }

    static let shapedMegabits = 200

    /// The scene, if it is one that peers take part in.
    var scene: CopyTask.Scene? {
        switch self {
        case .first, .firstShaped: .first
        case .delta: .delta
        case .sister: .sister
        case .kill, .rate, .memory, .idle: nil
        }
    }

    var speed: Link.Speed { self == .firstShaped ? .megabits(BenchmarkCase.shapedMegabits) : .open }
}
