/// A TCP header with its options, and a view of the data.
public struct TCPSegment {
    /// The port of the sender.
    public var sourcePort: UInt16
    /// The port that it goes to.
    public var destinationPort: UInt16
    /// The sequence number of the first byte of data, or of the SYN.
    public var sequence: UInt32
    /// The next byte that the sender waits for; counts only with the flag ACK.
    public var acknowledgement: UInt32
    /// The flags.
    public var flags: TCPFlags
    /// The window as written, not shifted.
    public var window: UInt16
    /// The checksum as written.
    public var checksum: UInt16
    /// The options.
    public var options: TCPOptions
    /// The length of the header with its options, in bytes.
    public var headerLength: Int
    /// How many bytes of data the segment has, captured or not.
    public var payloadLength: Int
    /// What of the data was captured. Valid as long as the captured bytes are.
    public var payload: UnsafeRawBufferPointer

    /// How far the segment moves the sequence number: its data, and one for each of SYN and FIN.
    public var sequenceLength: UInt32 {
        UInt32(truncatingIfNeeded: payloadLength) &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
    }
}

extension TCPSegment {
    /// Reads the segment at the start of `bytes`, which are what was captured of `length` bytes.
    @inline(__always)
    static func read(_ bytes: PacketBytes, length: Int) -> Result<TCPSegment, DecodeProblem> {
        guard length >= 20 else { return .failure(.malformed) }
        guard bytes.count >= 20 else { return .failure(.truncated) }
        let place = bytes.big16(12)
        let headerLength = Int(place >> 12) * 4
        guard headerLength >= 20, headerLength <= length else { return .failure(.malformed) }
        return .success(
            TCPSegment(
                sourcePort: bytes.big16(0),
                destinationPort: bytes.big16(2),
                sequence: bytes.big32(4),
                acknowledgement: bytes.big32(8),
                flags: TCPFlags(rawValue: place & 0x1FF),
                window: bytes.big16(14),
                checksum: bytes.big16(16),
                options: TCPOptions(bytes.from(20), length: headerLength - 20),
                headerLength: headerLength,
                payloadLength: length - headerLength,
                payload: bytes.from(headerLength).buffer
            )
        )
    }
}
