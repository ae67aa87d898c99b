internal import FerryEvidence

/// Which connections of other diagnoses a diagnosis has counted, so that each counts once, however often records are read.
public struct CountedConnections: Sendable {
    private struct Name: Hashable {
        var diagnosis: String
        var probe: String

        init?(_ connection: EarlierConnection) {
            guard let diagnosis = connection.diagnosis else { return nil }
            self.diagnosis = diagnosis
            probe = connection.plan.id
        }
    }

    /// Whether those that were counted were so as killed ones.
    private var counted: [Name: Bool] = [:]

    /// None yet.
    public init() {}

    /// Counts those that records of this diagnosis tell of.
    public mutating func count(_ connections: [EarlierConnection]) {
        for connection in connections {
            guard let name = Name(connection) else { continue }
            counted[name] = counted[name, default: false] || connection.wasKilled
        }
    }

    /// Counts `connections`.
    /// - Returns: those that are new, and those of which it is new that they were killed.
    public mutating func news(of connections: [EarlierConnection]) -> [EarlierConnection] {
        var news: [EarlierConnection] = []
        for var connection in connections {
            if let name = Name(connection), let wasKilled = counted[name] {
                guard connection.wasKilled, !wasKilled else { continue }
                connection.isKnown = true
            }
            count([connection])
            news.append(connection)
        }
        return news
    }
}
