import FerryCore
import FerryPreCheck
import Foundation
import Testing

@testable import FerryAgentCommands

@Suite struct DecompressorTests {
    /// Text with enough in it to fill many pieces.
    private static let content: [UInt8] = {
        var bytes: [UInt8] = []
        for number in 0..<40_000 { bytes += Array("line \(number) \(number &* 2_654_435_761 % 977)\n".utf8) }
        return bytes
    }()

    private static func packed(_ content: [UInt8], _ words: String...) throws -> [UInt8] {
        let folder = "\(FileManager.default.temporaryDirectory.path)/ferry-packed-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = URL(fileURLWithPath: "\(folder)/content")
        try Data(content).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words + ["-c", file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return bytes
    }

    /// Unpacks `packed`, given in pieces of `length` bytes.
    private static func unpacked(
        _ packed: [UInt8],
        _ format: CompressionFormat,
        pieces length: Int,
        atMost most: Int = .max
    ) throws(FerryError) -> [UInt8] {
        var rest = packed[...]
        var result: [UInt8] = []
        try Decompressor.ofAgent.run(
            format,
            { () throws(FerryError) in
                defer { rest = rest.dropFirst(length) }
                return rest.prefix(length)
            },
            { piece throws(FerryError) in
                result += piece
                return result.count < most
            }
        )
        return result
    }

    @Test(arguments: [["zstd", "-q", "-19"], ["zstd", "-q", "-1"], ["gzip", "-9"]], [1000, 65536, 1 << 24])
    func imageIsUnpackedInPiecesOfAnyLength(_ tool: [String], _ length: Int) throws {
        let packed =
            tool.count == 3
            ? try DecompressorTests.packed(DecompressorTests.content, tool[0], tool[1], tool[2])
            : try DecompressorTests.packed(DecompressorTests.content, tool[0], tool[1])
        let format: CompressionFormat = tool[0] == "zstd" ? .zstd : .gzip
        #expect(try DecompressorTests.unpacked(packed, format, pieces: length) == DecompressorTests.content)
    }

    @Test func framesBehindEachOtherAreOneImage() throws {
        let half = Array("first half, ".utf8)
        let zstd = try DecompressorTests.packed(half, "zstd", "-q")
        #expect(try DecompressorTests.unpacked(zstd + zstd, .zstd, pieces: 7) == half + half)
        let gzip = try DecompressorTests.packed(half, "gzip")
        #expect(try DecompressorTests.unpacked(gzip + gzip, .gzip, pieces: 7) == half + half)
    }

    @Test func paddingBehindAnImageIsNoDamage() throws {
        let padding = [UInt8](repeating: 0, count: 100_000)
        let zstd = try DecompressorTests.packed(DecompressorTests.content, "zstd", "-q") + padding
        #expect(try DecompressorTests.unpacked(zstd, .zstd, pieces: 4096) == DecompressorTests.content)
        let gzip = try DecompressorTests.packed(DecompressorTests.content, "gzip") + padding
        #expect(try DecompressorTests.unpacked(gzip, .gzip, pieces: 4096) == DecompressorTests.content)
    }

    @Test func unpackingStopsWhenNoMoreIsWanted() throws {
        let packed = try DecompressorTests.packed(DecompressorTests.content, "gzip")
        let some = try DecompressorTests.unpacked(packed, .gzip, pieces: 4096, atMost: 100_000)
        #expect(some.count >= 100_000 && some.count < 300_000)
        #expect(DecompressorTests.content.starts(with: some))
    }

    @Test(arguments: [CompressionFormat.zstd, .gzip])
    func damagedImageIsAnErrorAndNothingWorse(_ format: CompressionFormat) throws {
        let tool = format == .zstd ? ["zstd", "-q"] : ["gzip", "-6"]
        let packed = try DecompressorTests.packed(Array(DecompressorTests.content.prefix(100_000)), tool[0], tool[1])
        for _ in 0..<300 {
            var broken = packed
            for _ in 0..<Int.random(in: 1...4) { broken[Int.random(in: 4..<broken.count)] ^= UInt8.random(in: 1...255) }
            broken.removeLast(Int.random(in: 0..<broken.count / 2))
            do throws(FerryError) {
                _ = try DecompressorTests.unpacked(broken, format, pieces: Int.random(in: 1...5000))
            } catch {
                #expect(error.code == .unreadableImage)
            }
        }
        let noise = packed.prefix(4) + (0..<1000).map { _ in UInt8.random(in: 0...255) }
        _ = try? DecompressorTests.unpacked(Array(noise), format, pieces: 100)
    }

    @Test func windowThatAnAgentCannotSpareIsRefused() throws {
        // A frame header without content size that asks for a window of 2 GiB.
        let header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0x00, 0x00]
        #expect(throws: FerryError.self) { try DecompressorTests.unpacked(header, .zstd, pieces: 100) }
    }
}
