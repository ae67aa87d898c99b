internal import CFerryLinux
internal import FerryCore

/// The superblock of xfs, versions 4 and 5. Layout: "XFS Algorithms & Data Structures", chapter "Superblocks", and
/// kernel fs/xfs/libxfs/xfs_format.h. All integers have their most significant byte first, checksums their least.
struct XFSSuperblock {
    let blockSize: UInt64
    let sectorSize: Int
    let blockCount: UInt64
    let groupBlocks: UInt64
    let groupCount: UInt64
    /// Bits of a block number that say where in its group a block is.
    let groupBits: UInt64
    /// The first block of the log, as a block number of the file system; zero if the log is on another device.
    let logStart: UInt64
    let logBlocks: UInt64
    /// Version 5: structures carry checksums, places and owners.
    let hasChecksums: Bool
    /// Whether all features that change the layout are known.
    let isKnown: Bool
    /// The owner was told to repair it first.
    let needsRepair: Bool
    /// What structures name as the file system they belong to.
    let metadataUUID: [UInt8]

    /// Takes a superblock apart, and checks it. `bytes` are the first 64 KiB of the file system.
    init(_ bytes: DiskBytes) throws(FerryError) {
        guard bytes.has("XFSB", at: 0) else { throw .inconsistentMap("there is no superblock") }
        let version = try bytes.big(100, as: UInt16.self) & 0xF
        guard version == 4 || version == 5 else { throw .inconsistentMap("its superblock has an unknown version") }
        hasChecksums = version == 5
        blockSize = UInt64(try bytes.big(4, as: UInt32.self))
        sectorSize = Int(try bytes.big(102, as: UInt16.self))
        guard (512...65536).contains(blockSize), blockSize & (blockSize - 1) == 0,
            (512...32768).contains(sectorSize), sectorSize & (sectorSize - 1) == 0
        else { throw .inconsistentMap("its blocks or sectors have an impossible size") }
        if hasChecksums {
            try XFSSuperblock.check(DiskBytes(Array(try bytes.slice(0, count: sectorSize))), at: 224, "superblock")
        }
        blockCount = try bytes.big(8)
        logStart = try bytes.big(48)
        groupBlocks = UInt64(try bytes.big(84, as: UInt32.self))
        groupCount = UInt64(try bytes.big(88, as: UInt32.self))
        logBlocks = UInt64(try bytes.big(96, as: UInt32.self))
        groupBits = UInt64(try bytes.little(124, as: UInt8.self))
        let (least, most) = (groupBlocks &* (groupCount &- 1), groupBlocks &* groupCount)
        // Two 32-bit numbers: their product fits.
        guard groupBlocks >= 16, groupCount > 0, least < blockCount, blockCount <= most,
            (1...32).contains(groupBits), groupBlocks <= 1 << groupBits, groupBlocks > 1 << (groupBits - 1)
        else { throw .inconsistentMap("its allocation groups do not add up") }
        guard try bytes.little(126, as: UInt8.self) == 0 else {
            throw .inconsistentMap("it was never finished by mkfs")
        }
        let incompatible = hasChecksums ? try bytes.big(216, as: UInt32.self) : 0
        let readOnlyCompatible = hasChecksums ? try bytes.big(212, as: UInt32.self) : 0
        // Incompatible: all up to parent pointers (0x80). Read-only compatible: up to inode btree counters (0x8).
        isKnown = incompatible & ~0xFF == 0 && readOnlyCompatible & ~0xF == 0
        needsRepair = incompatible & 0x10 != 0
        metadataUUID = Array(try bytes.slice(incompatible & 0x4 != 0 ? 248 : 32, count: 16))
        try checkLog()
    }

    private func checkLog() throws(FerryError) {
        guard logStart > 0 else { return }
        let (group, block) = place(logStart)
        guard group < groupCount, logBlocks > 0, block + logBlocks <= length(of: group) else {
            throw .inconsistentMap("its log lies outside of an allocation group")
        }
    }

    /// Checks a structure whose checksum, at `offset`, covers all of `bytes`.
    static func check(_ bytes: DiskBytes, at offset: Int, _ what: String) throws(FerryError) {
        var covered = bytes
        covered.clear(offset, count: 4)
        guard ~ferry_crc32c(~0, covered.bytes, covered.count) == (try bytes.little(offset, as: UInt32.self)) else {
            throw .inconsistentMap("the checksum of its \(what) is wrong")
        }
    }

    /// The allocation group of a block number, and the block in it.
    func place(_ number: UInt64) -> (group: UInt64, block: UInt64) {
        (number >> groupBits, number & (1 << groupBits - 1))
    }

    /// How many blocks an allocation group has: all but the last have the same number.
    func length(of group: UInt64) -> UInt64 { min(groupBlocks, blockCount - group * groupBlocks) }

    /// Where an allocation group begins, in bytes from the start of the file system.
    func offset(of group: UInt64) -> UInt64 { group * groupBlocks * blockSize }

    /// The blocks of a group that are never free: its four headers, and the log if it lies there.
    func reserved(_ group: UInt64) -> [(first: UInt64, count: UInt64)] {
        let headers = (UInt64(sectorSize) * 4 + blockSize - 1) / blockSize
        let log = place(logStart)
        return [(0, headers)] + (logStart > 0 && log.group == group ? [(log.block, logBlocks)] : [])
    }
}
