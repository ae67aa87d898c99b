extension UInt32 {
    /// Whether this sequence number is before `other`, by at most half of the space: RFC 9293, section 3.4.
    @inline(__always)
    func precedes(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) < 0 }

    /// How far this sequence number is beyond `other`; negative if it is before it.
    @inline(__always)
    func distance(from other: UInt32) -> Int { Int(Int32(bitPattern: self &- other)) }
}
