internal import FuzzDisk
internal import FuzzLoop

/// Tables of each kind, and a swap area.
enum TableSeeds {
    static func all() -> [FuzzLoop.Seed] {
        [
            ("gpt", DiskInput.seed(HandMadeGPT(sectorSize: 512, entrySize: 128, sectors: 8192).bytes, isSealed: true)),
            (
                "gpt-4k",
                DiskInput.seed(HandMadeGPT(sectorSize: 4096, entrySize: 256, sectors: 1024).bytes, isSealed: true)
            ),
            ("mbr", DiskInput.seed(chain(of: [0, 10, 20, 30]))), ("swap", DiskInput.seed(swap())),
        ]
    }

    private static func swap() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes.replaceSubrange(4086..<4096, with: "SWAPSPACE2".utf8)
        // Version 1, and the last of 16 pages.
        bytes[1024] = 1
        bytes[1028] = 15
        return bytes
    }

    /// A master boot record with a primary and an extended partition, and in the latter a chain of logical ones.
    private static func chain(of sectors: [Int]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        for (index, sector) in sectors.enumerated() {
            let start = sector * 512
            bytes[start + 510] = 0x55
            bytes[start + 511] = 0xAA
            bytes[start + 446 + 4] = 0x83
            bytes[start + 446 + 8] = 1
            bytes[start + 446 + 12] = 2
            guard index + 1 < sectors.count else { break }
            bytes[start + 462 + 4] = 5
            // Counted from the first extended partition, whose own place is counted from the disk's start.
            bytes[start + 462 + 8] = UInt8(index == 0 ? sectors[1] : sectors[index + 1] - sectors[1])
            bytes[start + 462 + 12] = index == 0 ? 100 : 8
        }
        return bytes
    }
}
