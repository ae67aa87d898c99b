internal import CFerryLinux
internal import FerryCore

/// A group's descriptor: kernel Documentation/filesystems/ext4/group_descr.rst.
struct Ext4Group {
    let number: UInt64
    let blockBitmap: UInt64
    let inodeBitmap: UInt64
    let inodeTable: UInt64
    let freeClusters: UInt64
    let isUninitialized: Bool
    let bitmapChecksum: UInt32

    init(_ bytes: DiskBytes, number: UInt64, in superblock: Ext4Superblock) throws(FerryError) {
        let isWide = superblock.descriptorSize >= 64
        func block(_ low: Int, _ high: Int) throws(FerryError) -> UInt64 {
            UInt64(try bytes.little(low, as: UInt32.self))
                | (isWide ? UInt64(try bytes.little(high, as: UInt32.self)) << 32 : 0)
        }
        func short(_ low: Int, _ high: Int) throws(FerryError) -> UInt64 {
            UInt64(try bytes.little(low, as: UInt16.self))
                | (isWide ? UInt64(try bytes.little(high, as: UInt16.self)) << 16 : 0)
        }
        self.number = number
        blockBitmap = try block(0x0, 0x20)
        inodeBitmap = try block(0x4, 0x24)
        inodeTable = try block(0x8, 0x28)
        freeClusters = try short(0xC, 0x2C)
        bitmapChecksum = UInt32(try short(0x18, 0x38))
        let flags = try bytes.little(0x12, as: UInt16.self)
        isUninitialized = superblock.features.uninitializedGroups && flags & 2 != 0
        let recorded = try bytes.little(0x1E, as: UInt16.self)
        if let expected = try Ext4Group.checksum(bytes, number, superblock), expected != recorded {
            throw .inconsistentMap("the checksum of group \(number)'s descriptor is wrong")
        }
        let blocks = superblock.firstDataBlock..<superblock.blockCount
        guard blocks.contains(blockBitmap), blocks.contains(inodeBitmap), blocks.contains(inodeTable),
            superblock.blockCount - inodeTable >= superblock.inodeTableBlocks
        else { throw .inconsistentMap("group \(number)'s metadata lies outside of the file system") }
    }

    private static func checksum(
        _ bytes: DiskBytes,
        _ number: UInt64,
        _ superblock: Ext4Superblock
    ) throws(FerryError) -> UInt16? {
        let group = withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { Array($0) }
        if superblock.features.metadataChecksum {
            var covered = bytes
            covered.clear(0x1E, count: 2)
            let crc = ferry_crc32c(superblock.checksumSeed, group, 4)
            return UInt16(truncatingIfNeeded: ferry_crc32c(crc, covered.bytes, covered.count))
        }
        guard superblock.features.groupChecksum else { return nil }
        var crc = ferry_crc16(0xFFFF, superblock.uuidBytes, 16)
        crc = ferry_crc16(crc, group, 4)
        crc = ferry_crc16(crc, bytes.bytes, 0x1E)
        if bytes.count > 0x20 {
            crc = ferry_crc16(crc, Array(try bytes.slice(0x20, count: bytes.count - 0x20)), bytes.count - 0x20)
        }
        return crc
    }

    /// Checks a bitmap against the checksum in the descriptor.
    func check(_ bitmap: DiskBytes, in superblock: Ext4Superblock) throws(FerryError) {
        guard superblock.features.metadataChecksum else { return }
        let crc = ferry_crc32c(superblock.checksumSeed, bitmap.bytes, Int(superblock.clustersPerGroup / 8))
        let mask: UInt32 = superblock.descriptorSize >= 64 ? ~0 : 0xFFFF
        guard crc & mask == bitmapChecksum & mask else {
            throw .inconsistentMap("the checksum of group \(number)'s bitmap is wrong")
        }
    }

    /// The group's own metadata: first block and count.
    func metadata(in superblock: Ext4Superblock) -> [(first: UInt64, count: UInt64)] {
        [(blockBitmap, 1), (inodeBitmap, 1), (inodeTable, superblock.inodeTableBlocks)]
    }
}
