import FerryCore
import FerryImage
import Testing

@Suite struct RegionRecordTests {
    private static let example = RegionRecord(runs: [
        Run(.zero, blocks: 100),
        Run(.chunk, blocks: 1, digest: [1, 2, 3].withUnsafeBytes { SHA256.digest(of: $0) }),
        Run(.unused, blocks: 150), Run(.damaged, blocks: 5),
    ])

    @Test func whatIsWrittenIsReadBack() throws {
        let bytes = RegionRecordTests.example.encoded
        let read = try bytes.withUnsafeBytes { try RegionRecord(decoding: $0, blocks: 256) }
        #expect(read == RegionRecordTests.example)
        #expect(RegionRecord.leaf(ofEncoded: bytes) == read.leaf)
    }

    @Test func anythingElseIsRefused() {
        let bytes = RegionRecordTests.example.encoded
        for length in 0..<bytes.count {
            #expect(throws: FerryError.self, "cut to \(length)") {
                try Array(bytes.prefix(length)).withUnsafeBytes { try RegionRecord(decoding: $0, blocks: 256) }
            }
        }
        #expect(throws: FerryError.self) { try bytes.withUnsafeBytes { try RegionRecord(decoding: $0, blocks: 255) } }
        #expect(throws: FerryError.self) { try bytes.withUnsafeBytes { try RegionRecord(decoding: $0, blocks: 257) } }
        var unknown = bytes
        unknown[0] = 9
        #expect(throws: FerryError.self) { try unknown.withUnsafeBytes { try RegionRecord(decoding: $0, blocks: 256) } }
    }
}
