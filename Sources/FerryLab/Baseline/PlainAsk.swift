/// One connection that a baseline wants made, in the words of its site.
public struct PlainAsk: Sendable, Hashable {
    /// The vantage that it is made from.
    public var vantage: String
    /// Where to.
    public var host: IPv4Address
    /// The TCP port.
    public var port: UInt16
    /// So many bytes are sent once the service was heard.
    public var bytes = 0
    /// What they are.
    public var content = PlainContent.own
    /// They go in small pieces with pauses.
    public var isPaced = false
    /// How long nothing is sent before them.
    public var idle = Duration.zero
    /// The share of segments sent twice from which on it was lossy; nil for the usual one.
    public var lossyFrom: Double?
}
