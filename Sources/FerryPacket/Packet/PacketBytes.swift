/// Bytes of a packet. Who sent them may be hostile: callers look at `count` first, and every access is checked again
/// also in a release build, where `UnsafeRawBufferPointer` checks nothing.
struct PacketBytes {
    let base: UnsafeRawPointer?
    let count: Int

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress
        count = bytes.count
    }

    @inline(__always)
    private init(base: UnsafeRawPointer?, count: Int) {
        self.base = base
        self.count = count
    }

    @inline(__always)
    private func load<Integer: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Integer.Type) -> Integer {
        guard let base, offset >= 0, offset <= count - MemoryLayout<Integer>.size else {
            preconditionFailure("beyond the end of a packet")
        }
        return base.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { load(offset, UInt8.self) }
    @inline(__always)
    func big16(_ offset: Int) -> UInt16 { UInt16(bigEndian: load(offset, UInt16.self)) }
    @inline(__always)
    func big32(_ offset: Int) -> UInt32 { UInt32(bigEndian: load(offset, UInt32.self)) }
    @inline(__always)
    func big64(_ offset: Int) -> UInt64 { UInt64(bigEndian: load(offset, UInt64.self)) }
    @inline(__always)
    func little32(_ offset: Int) -> UInt32 { UInt32(littleEndian: load(offset, UInt32.self)) }

    /// What comes from `offset` on; nothing if that is the end or beyond it.
    @inline(__always)
    func from(_ offset: Int) -> PacketBytes {
        guard let base, offset > 0 else { return self }
        guard offset < count else { return PacketBytes(base: base + count, count: 0) }
        return PacketBytes(base: base + offset, count: count - offset)
    }

    /// The first `limit` bytes, or all if there are not so many.
    @inline(__always)
    func prefix(_ limit: Int) -> PacketBytes { PacketBytes(base: base, count: max(0, min(limit, count))) }

    @inline(__always)
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}
