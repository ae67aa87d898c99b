import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct SourceDiskTests {
    @Test func halfIsTheTemplatesAQuarterItsOwnAndAQuarterZeros() {
        let (one, two) = (SourceDisk(size: .mebibytes(4), seed: 1), SourceDisk(size: .mebibytes(4), seed: 2))
        let pieces = 0..<(4 << 20) / SourceDisk.pieceSize
        #expect(pieces.count { one.content($0) == two.content($0) && one.content($0).contains { $0 != 0 } } == 8)
        #expect(pieces.count { one.content($0) != two.content($0) } == 4)
        #expect(pieces.count { one.content($0).allSatisfy { $0 == 0 } } == 4)
        // No piece repeats another: a server's own disk is not smaller than it looks.
        let filled = pieces.map(one.content).filter { $0.contains { $0 != 0 } }
        #expect(Set(filled).count == 12)
    }

    @Test func sameSeedsGiveTheSameAndAnotherTemplateAnother() {
        let disk = SourceDisk(size: .mebibytes(2), seed: 7, template: 3)
        #expect(disk.content(0) == SourceDisk(size: .mebibytes(2), seed: 8, template: 3).content(0))
        #expect(disk.content(0) != SourceDisk(size: .mebibytes(2), seed: 7, template: 4).content(0))
    }

    @Test func everySecondBlockCanBePacked() {
        let bytes = SourceDisk(size: .mebibytes(1), seed: 1).content(1).withUnsafeBytes { Array($0) }
        #expect(Set(bytes[..<4096]).count > 200)
        #expect(Set(bytes[4096..<8192]).count == 16)
    }

    @Test func fileHasTheSizeAlsoWhereThatEndsWithinAPiece() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "disk-\(UInt64.random(in: 0 ... .max))"
        )
        defer { try? FileManager.default.removeItem(at: path) }
        let disk = SourceDisk(size: .kibibytes(300), seed: 5)
        try disk.write(to: path.path)
        let bytes = try Data(contentsOf: path)
        #expect(bytes.count == 300 << 10)
        #expect(Array(bytes[(256 << 10)...]) == disk.content(1).withUnsafeBytes { Array($0[..<(44 << 10)]) })
    }
}
