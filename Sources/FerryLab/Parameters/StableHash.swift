/// A number for a text, the same in every run. (FNV-1a of 64 bits: Fowler, Noll, Vo.)
enum StableHash {
    static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
