/// The chances of one direction of a line: the same from the same seed, packet by packet, whatever is set.
struct LineChance {
    /// What is drawn for one packet, each evenly from 0 up to 1.
    struct Draw {
        var change: Double
        var loss: Double
        var duplication: Double
        var reordering: Double
        var jitter: Double
    }

    private var numbers: SplitMix64

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    /// Draws for the next packet.
    mutating func draw() -> Draw {
        Draw(change: next(), loss: next(), duplication: next(), reordering: next(), jitter: next())
    }

    /// Evenly from 0 up to 1, in steps of 2 to the power of -53.
    mutating func next() -> Double { Double(numbers.next() >> 11) * 0x1p-53 }
}
