import FerryCore
import FerryImage

/// Deterministic pseudo-random content (SplitMix64, Vigna), so that a failing seed can be tried again.
struct Content: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }

    /// A region that looks like a disk's: runs of content, zeros and repeated blocks.
    mutating func region() -> [UInt8] {
        var region: [UInt8] = []
        while region.count < ImageLayout.regionSize {
            let blocks = Int.random(in: 1...40, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: region += [UInt8](repeating: 0, count: blocks * ImageLayout.blockSize)
            case 1:
                let block = bytes(ImageLayout.blockSize)
                for _ in 0..<blocks { region += block }
            default: region += bytes(blocks * ImageLayout.blockSize)
            }
        }
        return Array(region.prefix(ImageLayout.regionSize))
    }
}
