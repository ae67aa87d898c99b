import Testing

@testable import ferry_bench

@Suite struct DiskLayoutTests {
    @Test func readsTheGroupsAndNotTheSum() {
        let text = """
            Free blocks:              1470
            Block size:               4096
            Group 0: (Blocks 0-32767) csum 0x1 [ITABLE_ZEROED]
              Free blocks: 100-199, 300, 32000-32767
              Free inodes: 11-20
            Group 1: (Blocks 32768-65535) csum 0x2
              Free blocks: 32768-32770
            Group 2: (Blocks 65536-98303) csum 0x3
              Free blocks: 
            """
        let offset = 1 << 20
        let runs = DiskLayout.freeRuns(text, from: offset)
        let blocks = runs.map { ($0.lowerBound - offset) / 4096..<($0.upperBound - offset) / 4096 }
        #expect(blocks == [100..<200, 300..<301, 32000..<32771])
    }
}
