/// Makes a capture file in pcap's format with nanoseconds: bytes to be written to wherever they shall go.
public struct PcapWriter: Sendable {
    /// What has not been taken yet.
    public private(set) var bytes: [UInt8] = []

    /// A file whose packets begin as `link` says; its header stands in `bytes`.
    public init(link: LinkType, snapLength: UInt32 = 262_144) {
        append(0xA1B2_3C4D as UInt32)
        append(2 as UInt16)
        append(4 as UInt16)
        for word in [0, 0, snapLength, link.rawValue] { append(word) }
    }

    /// Appends a packet; `wireLength` is how long it was before it was cut, nil if it was not.
    public mutating func append(_ packet: UnsafeRawBufferPointer, at time: PacketTime, wireLength: Int? = nil) {
        let second: Int64 = 1_000_000_000
        let nanoseconds = max(0, time.nanoseconds)
        append(UInt32(truncatingIfNeeded: nanoseconds / second))
        append(UInt32(nanoseconds % second))
        append(UInt32(truncatingIfNeeded: packet.count))
        append(UInt32(truncatingIfNeeded: max(packet.count, wireLength ?? 0)))
        bytes.append(contentsOf: packet)
    }

    /// Hands out what is in `bytes`, and goes on with none.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll() }
        return bytes
    }

    private mutating func append<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
