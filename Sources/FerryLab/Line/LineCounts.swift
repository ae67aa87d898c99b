/// What became of the packets of one direction of a line.
public struct LineCounts: Sendable, Equatable {
    /// Packets that came.
    public var received = 0
    /// Packets that went out at the other end, duplicates among them.
    public var delivered = 0
    /// Bytes of those.
    public var deliveredBytes = 0
    /// Packets lost by chance.
    public var lost = 0
    /// Packets that the policer had no tokens for.
    public var policed = 0
    /// Packets that the shaper's queue had no room for.
    public var queueFull = 0
    /// Packets that were too long.
    public var tooLong = 0
    /// Packets whose time to live ended.
    public var expired = 0
    /// Packets that were delivered twice.
    public var duplicated = 0
    /// Packets that were overtaken.
    public var reordered = 0
    /// Packets for which the line itself had no memory: more were under way than it is made for.
    public var overrun = 0
    /// Packets that a middlebox did not let pass.
    public var stopped = 0

    /// Nothing yet.
    public init() {}
}
