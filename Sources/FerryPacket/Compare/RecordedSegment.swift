/// What is kept of a segment to find it again in another capture.
public struct RecordedSegment: Sendable {
    /// The packet's number in its file.
    public var number: Int
    /// When it was captured.
    public var time: PacketTime
    /// The sequence number as written.
    public var sequence: UInt32
    /// The acknowledgement as written; 0 without ACK.
    public var acknowledgement: UInt32
    /// The flags.
    public var flags: TCPFlags
    /// The window as written.
    public var window: UInt16
    /// The time to live.
    public var timeToLive: UInt8
    /// The services code point and the ECN bits.
    public var service: UInt8
    /// The identification.
    public var identification: UInt32
    /// How many bytes of data it has.
    public var payloadLength: Int
    var capturedPayload: Int
    var payloadHash: UInt64
    var timestamp: UInt32?
    var optionKinds: UInt64
    var maximumSegment: UInt16?
    var windowScale: UInt8?

    init(_ segment: TCPSegment, _ header: IPHeader, _ packet: CapturedPacket) {
        number = packet.number
        time = packet.time
        sequence = segment.sequence
        acknowledgement = segment.flags.contains(.ack) ? segment.acknowledgement : 0
        flags = segment.flags
        window = segment.window
        timeToLive = header.timeToLive
        service = header.serviceCode << 2 | header.congestion
        identification = header.identification
        payloadLength = segment.payloadLength
        capturedPayload = segment.payload.count
        payloadHash = RecordedSegment.hash(segment.payload)
        timestamp = segment.options.timestamp
        // Padding is no option: devices that take one out put padding there.
        optionKinds = segment.options.kinds & ~3
        maximumSegment = segment.options.maximumSegment
        windowScale = segment.options.windowScale
    }

    /// Whether this is the same packet once more, as far as can be told: what is forged after a packet differs in
    /// something that its maker does not see or not copy.
    func isTwin(of sent: RecordedSegment) -> Bool {
        payloadHash == sent.payloadHash && capturedPayload == sent.capturedPayload && window == sent.window
            && flags == sent.flags && optionKinds == sent.optionKinds && timestamp == sent.timestamp
            && identification == sent.identification
    }

    /// FNV-1a over words of eight bytes: it only has to tell data apart that nobody chose to be alike.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let all = PacketBytes(bytes)
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        var place = 0
        while all.count - place >= 8 {
            state = (state ^ all.big64(place)) &* 0x100_0000_01B3
            place += 8
        }
        while place < all.count {
            state = (state ^ UInt64(all.byte(place))) &* 0x100_0000_01B3
            place += 1
        }
        return state
    }
}
