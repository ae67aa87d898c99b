import FerryCore
import Foundation
import Testing

@testable import FerryDisk

/// Random damage to images of every format, for `FERRY_FUZZ_SECONDS` seconds (1 if not set) each. The seed is printed;
/// `FERRY_FUZZ_SEED` repeats it.
@Suite struct HostileBytesTests {
    private let seconds = ProcessInfo.processInfo.environment["FERRY_FUZZ_SECONDS"].flatMap { Double($0) } ?? 1
    private let seed =
        ProcessInfo.processInfo.environment["FERRY_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...(.max))

    @Test func handMadeXFSIsUnderstood() throws {
        let usage = try DiskUsage(of: MemoryDisk(HandMadeXFS().bytes), mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings == [])
        let whole = usage.inspection.geometry.wholeDisk
        let map = try XFSMap(of: MemoryDisk(HandMadeXFS().bytes), region: whole, isLive: false)
        var runs: [Range<Int>] = []
        _ = try map.survey { runs.append(Int($0.start.bytes / 512)..<Int($0.end.bytes / 512)) }
        #expect(runs == HandMadeXFS.free)
    }

    @Test func partitionTablesDoNotCrash() throws {
        let guid = HandMadeGPT(sectorSize: 512, entrySize: 128, sectors: 8192)
        var chain = [UInt8](repeating: 0, count: 1 << 16)
        for sector in [0, 10, 20, 30] {
            chain[sector * 512 + 510] = 0x55
            chain[sector * 512 + 511] = 0xAA
            chain[sector * 512 + 446 + 4] = 0x83
            chain[sector * 512 + 446 + 8] = 1
            chain[sector * 512 + 446 + 12] = 2
            chain[sector * 512 + 462 + 4] = 5
            chain[sector * 512 + 462 + 8] = sector == 0 ? 10 : UInt8(sector)
            chain[sector * 512 + 462 + 12] = 100
        }
        repeatedly { random in
            var table = guid
            mutate(&table.bytes, in: [446..<1600, table.bytes.count - 3000..<table.bytes.count], &random)
            if Bool.random(using: &random) { table.seal() }
            table.bytes.withUnsafeBytes { DiskFuzzing.partitionTable($0) }
            var bytes = chain
            mutate(&bytes, in: [446..<512, 5566..<5632, 10_686..<10_752, 15_806..<15_872], &random)
            bytes.withUnsafeBytes { DiskFuzzing.partitionTable($0) }
        }
    }

    @Test(
        .enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs")),
        arguments: [
            "-b 1024 -O none,sparse_super", "-b 1024 -t ext4 -O ^has_journal,^metadata_csum,^uninit_bg,64bit",
            "-b 1024 -t ext4 -O ^has_journal,^metadata_csum,bigalloc", "-b 1024 -O none,meta_bg,sparse_super2 -g 256",
        ]
    )
    func ext4MapsDoNotCrash(options: String) throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 1)
        try Tool.run("mke2fs", options.split(separator: " ").map(String.init) + ["-q", "-F", image])
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: image)))
        repeatedly { random in
            var damaged = bytes
            mutate(&damaged, in: [1024..<1400, 2048..<2400, 2048..<16_384], &random)
            damaged.withUnsafeBytes { DiskFuzzing.usage($0) }
        }
    }

    @Test func xfsMapsDoNotCrash() {
        let places = [
            0..<130, 512..<600, 2048..<2090, 33_280..<33_350, 34_816..<35_200, 35_328..<35_360, 16_384..<17_500,
        ]
        repeatedly { random in
            var image = HandMadeXFS()
            mutate(&image.bytes, in: places, &random)
            image.bytes.withUnsafeBytes { DiskFuzzing.usage($0) }
        }
    }

    @Test func swapHeadersDoNotCrash() {
        var header = [UInt8](repeating: 0, count: 1 << 16)
        header.replaceSubrange(4086..<4096, with: "SWAPSPACE2".utf8)
        header[1024] = 1
        header[1028] = 15
        repeatedly { random in
            var bytes = header
            mutate(&bytes, in: [1024..<1100, 4080..<4096], &random)
            bytes.withUnsafeBytes { DiskFuzzing.usage($0) }
        }
    }

    private func repeatedly(_ body: (inout SeededGenerator) -> Void) {
        print("FERRY_FUZZ_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        let end = ContinuousClock.now + .seconds(seconds)
        var rounds = 0
        repeat {
            body(&random)
            rounds += 1
        } while ContinuousClock.now < end
        print("\(rounds) rounds")
    }

    /// One to eight changes: a bit, a byte, or a field with a value that is prone to overflow.
    private func mutate(_ bytes: inout [UInt8], in places: [Range<Int>], _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard let place = places.randomElement(using: &random) else { return }
            let offset = Int.random(in: place, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[offset] = UInt8.random(in: 0...255, using: &random)
            default:
                let width = [2, 4, 8].randomElement(using: &random) ?? 4
                let values: [UInt64] = [0, 1, .max, .max >> 1, 1 << 31, UInt64(bytes.count), UInt64(bytes.count / 512)]
                var value = values.randomElement(using: &random) ?? 0
                if Bool.random(using: &random) { value = value.byteSwapped >> UInt64(64 - width * 8) }
                for index in 0..<width where (offset & ~3) + index < bytes.count {
                    bytes[(offset & ~3) + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
                }
            }
        }
    }
}
