import Testing

@testable import FerryReplication

struct RegionSetTests {
    @Test func givesEachRegionOnceAndTheLowestFirst() {
        var set = RegionSet()
        set.insert(contentsOf: [700, 3, 64, 63, 3, 700])
        #expect(set.count == 4 && set.contains(64) && !set.contains(65) && !set.contains(100_000))
        let first = set.takeFirst(3)
        #expect(first == [3, 63, 64])
        set.insert(1)
        set.remove(2)
        let rest = set.takeFirst(9)
        #expect(rest == [1, 700])
        let none = set.takeFirst(1)
        #expect(set.isEmpty && none.isEmpty)
    }

    @Test func takesAllRegionsOfAFourTebibyteDiskInNoTime() {
        var set = RegionSet()
        let regions = 4 << 20
        for _ in 0..<3 { set.insert(contentsOf: 0..<regions) }
        #expect(set.count == regions)
        var taken = 0
        let time = ContinuousClock().measure {
            while !set.isEmpty { taken += set.takeFirst(4).count }
        }
        #expect(taken == regions)
        #expect(time < .seconds(30))
    }
}
