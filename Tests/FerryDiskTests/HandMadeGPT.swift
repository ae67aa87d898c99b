/// A GPT with one partition, of sizes that the tools at hand do not make.
struct HandMadeGPT {
    var bytes: [UInt8]
    private let sectorSize: Int
    private let entriesLength: Int
    /// The places of both copies, in sectors.
    private let copies: [(own: Int, other: Int, entries: Int)]

    init(sectorSize: Int, entrySize: Int, sectors: Int) {
        bytes = [UInt8](repeating: 0, count: sectorSize * sectors)
        self.sectorSize = sectorSize
        let count = 16
        entriesLength = entrySize * count
        let entrySectors = (entriesLength + sectorSize - 1) / sectorSize
        let last = sectors - 1
        copies = [(own: 1, other: last, entries: 2), (own: last, other: 1, entries: last - entrySectors)]
        // The protective record.
        bytes[446 + 4] = 0xEE
        put(1, at: 446 + 8, 4)
        put(UInt64(last), at: 446 + 12, 4)
        bytes[510] = 0x55
        bytes[511] = 0xAA
        for copy in copies {
            let entry = copy.entries * sectorSize
            for index in 0..<32 { bytes[entry + index] = UInt8(index + 1) }
            put(UInt64((1 << 20) / sectorSize), at: entry + 32, 8)
            put(UInt64((3 << 20) / sectorSize - 1), at: entry + 40, 8)
            let header = copy.own * sectorSize
            bytes.replaceSubrange(header..<(header + 8), with: "EFI PART".utf8)
            put(0x10000, at: header + 8, 4)
            put(92, at: header + 12, 4)
            put(UInt64(copy.own), at: header + 24, 8)
            put(UInt64(copy.other), at: header + 32, 8)
            put(UInt64(copy.entries), at: header + 72, 8)
            put(UInt64(count), at: header + 80, 4)
            put(UInt64(entrySize), at: header + 84, 4)
        }
        seal()
    }

    /// Makes the checksums right for whatever the bytes are now.
    mutating func seal() {
        for copy in copies {
            let header = copy.own * sectorSize
            put(UInt64(checksum(copy.entries * sectorSize, entriesLength)), at: header + 88, 4)
            put(0, at: header + 16, 4)
            put(UInt64(checksum(header, 92)), at: header + 16, 4)
        }
    }

    private mutating func put(_ value: UInt64, at offset: Int, _ width: Int) {
        for index in 0..<width { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8)) }
    }

    /// CRC-32 bit by bit, so that the tables of the program are not their own judge.
    private func checksum(_ offset: Int, _ count: Int) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes[offset..<(offset + count)] {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~crc
    }
}
