/// The options of a TCP header, without an allocation.
public struct TCPOptions {
    /// The largest segment that the sender takes, in bytes, if it says so.
    public var maximumSegment: UInt16?
    /// The number of bits that the sender's windows are to be shifted by, if it says so; above 14 counts as 14.
    public var windowScale: UInt8?
    /// Whether selective acknowledgements may be sent to the sender.
    public var permitsSACK = false
    /// The sender's clock, if there are timestamps.
    public var timestamp: UInt32?
    /// The peer's clock, sent back; only with `timestamp`.
    public var timestampEcho: UInt32 = 0
    /// How many of `sackBlocks` there are, at most four.
    public var sackBlockCount = 0
    /// What the sender has received beyond what it acknowledges.
    public var sackBlocks = InlineArray<4, SACKBlock>(repeating: SACKBlock(left: 0, right: 0))
    /// One bit for each kind of option below 64 that is there.
    public var kinds: UInt64 = 0
    /// Whether an option has a length that cannot be.
    public var isMalformed = false
    /// Whether the capture has cut the options.
    public var isTruncated = false

    /// No options.
    public init() {}
}

/// A run of bytes that the peer has received: from `left` on, `right` is the first that is not in it.
public struct SACKBlock: Equatable, Sendable {
    /// The first sequence number.
    public var left: UInt32
    /// The sequence number after the last.
    public var right: UInt32
}

extension TCPOptions {
    /// Reads options that take `length` bytes at the start of `bytes`.
    @inline(__always)
    init(_ bytes: PacketBytes, length: Int) {
        guard length > 0 else { return }
        // What nearly every segment of a bulk flow has, in one comparison: two paddings and timestamps.
        if length == 12, bytes.count >= 12, bytes.big32(0) == 0x0101_080A {
            kinds = 1 << 8 | 1 << 1
            timestamp = bytes.big32(4)
            timestampEcho = bytes.big32(8)
            return
        }
        read(bytes.prefix(length))
        isTruncated = bytes.count < length
    }

    private mutating func read(_ bytes: PacketBytes) {
        var offset = 0
        while offset < bytes.count {
            let kind = bytes.byte(offset)
            if kind < 64 { kinds |= 1 << UInt64(kind) }
            if kind == 0 { return }
            if kind == 1 {
                offset += 1
                continue
            }
            guard offset + 1 < bytes.count else {
                isMalformed = true
                return
            }
            let size = Int(bytes.byte(offset + 1))
            guard size >= 2, offset + size <= bytes.count else {
                isMalformed = true
                return
            }
            switch (kind, size) {
            case (2, 4): maximumSegment = bytes.big16(offset + 2)
            case (3, 3): windowScale = min(14, bytes.byte(offset + 2))
            case (4, 2): permitsSACK = true
            case (5, 10...34) where (size - 2) % 8 == 0: readBlocks(bytes, offset + 2, (size - 2) / 8)
            case (8, 10):
                timestamp = bytes.big32(offset + 2)
                timestampEcho = bytes.big32(offset + 6)
            case (2...5, _), (8, _): isMalformed = true
            default: break
            }
            offset += size
        }
    }

    private mutating func readBlocks(_ bytes: PacketBytes, _ start: Int, _ count: Int) {
        sackBlockCount = count
        for index in 0..<count {
            let place = start + 8 * index
            sackBlocks[index] = SACKBlock(left: bytes.big32(place), right: bytes.big32(place + 4))
        }
    }
}
