extension UnsafeRawBufferPointer {
    /// Whether every byte is zero. Eight words at a time; the last bytes one by one.
    @inlinable @inline(__always)
    public var isZero: Bool {
        var offset = 0
        while offset + 64 <= count {
            var all: UInt64 = 0
            for word in 0..<8 { all |= loadUnaligned(fromByteOffset: offset + word * 8, as: UInt64.self) }
            if all != 0 { return false }
            offset += 64
        }
        while offset < count {
            if self[offset] != 0 { return false }
            offset += 1
        }
        return true
    }
}
