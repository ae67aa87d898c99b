public import FerryEvidence

/// What the records of a diagnosis have.
public struct RecordedEntries: Sendable {
    /// The site that the first entry has.
    public let site: Site
    /// The entries, in order.
    public let all: [IncidentEntry]
    /// How many lines could not be read, but for a last one that was cut off.
    public let unreadable: Int
}
