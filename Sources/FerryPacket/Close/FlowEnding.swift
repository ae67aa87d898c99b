/// The first packet with FIN or RST that one side of a flow seems to have sent.
public struct FlowEnding {
    /// How a flow is ended.
    public enum Kind: String, Sendable {
        /// No more data.
        case fin
        /// At once, without acknowledging anything.
        case rst
        /// At once, with an acknowledgement.
        case rstAck
    }

    /// With which flags.
    public var kind: Kind
    /// Whether it came from the client's address.
    public var isClient: Bool
    /// When.
    public var time: PacketTime
    /// The packet's number in the file.
    public var number: Int
    /// Its time to live.
    public var timeToLive: UInt8
    /// Its identification.
    public var identification: UInt32
    /// How far its sequence number is beyond what its sender would send next, in bytes.
    public var sequenceOffset: Int
    /// How far its acknowledgement is beyond what the peer sent, in bytes; nil without ACK.
    public var acknowledgementOffset: Int?
    /// Its window as written.
    public var window: UInt16
    /// Whether it has options.
    public var hasOptions: Bool
    /// How many of its kind came from the same side after it.
    public var repeats = 0
    /// How many packets without RST came from the same side after it.
    public var packetsAfter = 0
}
