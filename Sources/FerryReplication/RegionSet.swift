/// A set of region numbers, one bit for each: 512 KiB for a disk of 4 TiB, however often a region is added.
struct RegionSet {
    private var words: [UInt64] = []
    /// Before this word none has a bit.
    private var firstWord = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    func contains(_ region: Int) -> Bool {
        region >> 6 < words.count && words[region >> 6] & (1 << UInt64(region & 63)) != 0
    }

    mutating func insert(_ region: Int) {
        grow(to: region >> 6)
        let bit = UInt64(1) << UInt64(region & 63)
        guard words[region >> 6] & bit == 0 else { return }
        words[region >> 6] |= bit
        count += 1
        firstWord = min(firstWord, region >> 6)
    }

    mutating func insert(contentsOf regions: some Sequence<Int>) {
        for region in regions { insert(region) }
    }

    mutating func remove(_ region: Int) {
        guard contains(region) else { return }
        words[region >> 6] &= ~(1 << UInt64(region & 63))
        count -= 1
    }

    mutating func removeAll() { self = RegionSet() }

    /// Takes the lowest `most` regions out of the set, or as many as there are.
    mutating func takeFirst(_ most: Int) -> [Int] {
        var taken: [Int] = []
        while taken.count < most, count > 0 {
            while words[firstWord] == 0 { firstWord += 1 }
            let region = firstWord << 6 + words[firstWord].trailingZeroBitCount
            remove(region)
            taken.append(region)
        }
        return taken
    }

    private mutating func grow(to word: Int) {
        guard word >= words.count else { return }
        words += repeatElement(0, count: word + 1 - words.count)
    }
}
