public import FerryCore
public import FerryEvidence

/// A connection that another diagnosis has made before this one began or goes on. A suspect counts it, whoever asks next.
public struct EarlierConnection: Codable, Sendable, Equatable {
    /// What was asked.
    public var plan: ProbePlan
    /// Seconds before this diagnosis began or goes on.
    public var secondsBefore: Double
    /// Whether the peer's side ended it.
    public var wasKilled: Bool

    /// Those that the records of an earlier diagnosis have.
    /// - Parameters:
    ///   - entries: the records.
    ///   - now: when this diagnosis begins.
    ///   - seconds: no older ones than that.
    public static func all(of entries: [IncidentEntry], now: UTCTime, within seconds: Double) -> [EarlierConnection] {
        guard let startedAt = entries.first?.startedAt.flatMap({ UTCTime(parsing: $0) }) else { return [] }
        let offset = Double(now.microseconds - startedAt.microseconds) / 1e6
        var found: [EarlierConnection] = []
        var numbers: [String: Int] = [:]
        for entry in entries {
            if let plan = entry.asks, (0...seconds).contains(offset - entry.at) {
                numbers[plan.id] = found.count
                found.append(EarlierConnection(plan: plan, secondsBefore: offset - entry.at, wasKilled: false))
            }
            for record in entry.probes ?? [] where record.closedBy == .peer && !record.outcome.worked {
                if let number = numbers[record.plan.id] { found[number].wasKilled = true }
            }
        }
        return found
    }
}
