/// FNV-1a of 64 bits (draft-eastlake-fnv), over what a connection sends: content of which it is the same is the same.
struct ContentHash {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325
    private var isEmpty = true

    mutating func add(_ bytes: Span<UInt8>) {
        if !bytes.isEmpty { isEmpty = false }
        for index in bytes.indices { value = (value ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    }

    /// 16 hexadecimal digits; nil if nothing was added.
    var text: String? {
        guard !isEmpty else { return nil }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
