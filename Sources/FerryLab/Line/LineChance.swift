/// The chances of one direction of a line: the same from the same seed, packet by packet, whatever is set.
/// (SplitMix64: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014.)
struct LineChance {
    /// What is drawn for one packet, each evenly from 0 up to 1.
    struct Draw {
        var change: Double
        var loss: Double
        var duplication: Double
        var reordering: Double
        var jitter: Double
    }

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Draws for the next packet.
    mutating func draw() -> Draw {
        Draw(change: next(), loss: next(), duplication: next(), reordering: next(), jitter: next())
    }

    private mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }
}
