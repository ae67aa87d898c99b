public import FerryCore

/// How a job that was done turned out.
public struct ReplicationOutcome: Sendable {
    /// Bytes of the last pass over every disk that could not be read, and are zero in the image.
    public var damaged: ByteCount
    /// Whether a generation is fuzzy although a final pass over frozen file systems was asked for.
    public var isFuzzyThoughFrozen: Bool
}
