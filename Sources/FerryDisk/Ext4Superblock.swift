internal import CFerryLinux
internal import FerryCore

/// The superblock of ext2, ext3 and ext4: kernel Documentation/filesystems/ext4/super.rst and fs/ext4/ext4.h.
struct Ext4Superblock {
    /// Where it lies from the start of the file system, in bytes.
    static let offset: UInt64 = 1024
    static let size = 1024

    /// Features that change the layout.
    struct Features {
        var compatible: UInt32
        var incompatible: UInt32
        var readOnlyCompatible: UInt32

        var sparseSuper2: Bool { compatible & 0x200 != 0 }
        var metaBG: Bool { incompatible & 0x10 != 0 }
        var is64Bit: Bool { incompatible & 0x80 != 0 }
        var checksumSeed: Bool { incompatible & 0x2000 != 0 }
        var sparseSuper: Bool { readOnlyCompatible & 0x1 != 0 }
        var groupChecksum: Bool { readOnlyCompatible & 0x10 != 0 }
        var bigAlloc: Bool { readOnlyCompatible & 0x200 != 0 }
        var metadataChecksum: Bool { readOnlyCompatible & 0x400 != 0 }
        /// Whether groups may be marked as not initialised.
        var uninitializedGroups: Bool { groupChecksum || metadataChecksum }

        /// All incompatible features up to casefold (0x20000), without compression and the unused 0x20, 0x800.
        static let knownIncompatible: UInt32 = 0x3_F7DE
        /// All up to orphan_present (0x10000), without snapshots (0x80) and replicas (0x800).
        static let knownReadOnlyCompatible: UInt32 = 0x1_F77F
    }

    let features: Features
    let blockCount: UInt64
    let firstDataBlock: UInt64
    let blockSize: UInt64
    /// Blocks that one bit of a bitmap stands for.
    let clusterRatio: UInt64
    let blocksPerGroup: UInt64
    let clustersPerGroup: UInt64
    let inodesPerGroup: UInt64
    let inodeSize: UInt64
    let descriptorSize: Int
    let reservedDescriptorBlocks: UInt64
    let firstMetaGroup: UInt64
    let backupGroups: [UInt64]
    let uuidBytes: [UInt8]
    /// What checksums of metadata begin with.
    let checksumSeed: UInt32

    static func isPresent(_ bytes: DiskBytes) -> Bool { (try? bytes.little(0x38, as: UInt16.self)) == 0xEF53 }

    /// Takes a superblock apart, and checks all that can be checked without knowing the disk.
    init(_ bytes: DiskBytes) throws(FerryError) {
        guard Ext4Superblock.isPresent(bytes), bytes.count >= Ext4Superblock.size else {
            throw .inconsistentMap("there is no superblock")
        }
        let isDynamic = try bytes.little(0x4C, as: UInt32.self) > 0
        features = Features(
            compatible: isDynamic ? try bytes.little(0x5C) : 0,
            incompatible: isDynamic ? try bytes.little(0x60) : 0,
            readOnlyCompatible: isDynamic ? try bytes.little(0x64) : 0
        )
        uuidBytes = Array(try bytes.slice(0x68, count: 16))
        checksumSeed =
            features.checksumSeed ? try bytes.little(0x270) : ferry_crc32c(~0, uuidBytes, uuidBytes.count)

        let logBlockSize = try bytes.little(0x18, as: UInt32.self)
        guard logBlockSize <= 6 else { throw .inconsistentMap("its block size is not a power of two up to 64 KiB") }
        blockSize = 1024 << UInt64(logBlockSize)
        let high = features.is64Bit ? UInt64(try bytes.little(0x150, as: UInt32.self)) << 32 : 0
        blockCount = UInt64(try bytes.little(0x4, as: UInt32.self)) | high
        firstDataBlock = UInt64(try bytes.little(0x14, as: UInt32.self))
        blocksPerGroup = UInt64(try bytes.little(0x20, as: UInt32.self))
        inodesPerGroup = UInt64(try bytes.little(0x28, as: UInt32.self))
        inodeSize = isDynamic ? UInt64(try bytes.little(0x58, as: UInt16.self)) : 128
        reservedDescriptorBlocks = UInt64(try bytes.little(0xCE, as: UInt16.self))
        firstMetaGroup = UInt64(try bytes.little(0x104, as: UInt32.self))
        backupGroups = [
            UInt64(try bytes.little(0x24C, as: UInt32.self)), UInt64(try bytes.little(0x250, as: UInt32.self)),
        ]
        descriptorSize = features.is64Bit ? Int(try bytes.little(0xFE, as: UInt16.self)) : 32
        if features.bigAlloc {
            let logClusterSize = try bytes.little(0x1C, as: UInt32.self)
            guard logClusterSize >= logBlockSize, logClusterSize - logBlockSize <= 16 else {
                throw .inconsistentMap("its cluster size is out of range")
            }
            clusterRatio = 1 << UInt64(logClusterSize - logBlockSize)
            clustersPerGroup = UInt64(try bytes.little(0x24, as: UInt32.self))
        } else {
            clusterRatio = 1
            clustersPerGroup = blocksPerGroup
        }
        try checkLayout()
        if features.metadataChecksum {
            guard ferry_crc32c(~0, bytes.bytes, 0x3FC) == (try bytes.little(0x3FC, as: UInt32.self)) else {
                throw .inconsistentMap("the checksum of its superblock is wrong")
            }
        }
    }

    private func checkLayout() throws(FerryError) {
        guard (256...(blockSize * 8 * clusterRatio)).contains(blocksPerGroup), blocksPerGroup % 8 == 0,
            clustersPerGroup <= blockSize * 8, clustersPerGroup % 8 == 0,
            clustersPerGroup * clusterRatio == blocksPerGroup
        else { throw .inconsistentMap("its groups have an impossible size") }
        // The boot block is before the first group, unless it is only a part of a block or of a cluster.
        guard firstDataBlock == (blockSize == 1024 && !features.bigAlloc ? 1 : 0), blockCount > firstDataBlock,
            blockCount < 1 << 48
        else {
            throw .inconsistentMap("its first block is not where it has to be")
        }
        guard inodesPerGroup > 0, inodesPerGroup <= blockSize * 8, (128...blockSize).contains(inodeSize),
            inodeSize & (inodeSize - 1) == 0
        else { throw .inconsistentMap("its inodes have an impossible size or number") }
        guard (32...1024).contains(descriptorSize), descriptorSize & (descriptorSize - 1) == 0,
            !features.is64Bit || descriptorSize >= 64
        else { throw .inconsistentMap("its group descriptors have an impossible size") }
        guard firstMetaGroup <= descriptorBlocks else {
            throw .inconsistentMap("its first meta group is out of range")
        }
    }

    var groupCount: UInt64 { (blockCount - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup }
    var descriptorsPerBlock: UInt64 { blockSize / UInt64(descriptorSize) }
    var descriptorBlocks: UInt64 { (groupCount + descriptorsPerBlock - 1) / descriptorsPerBlock }
    var inodeTableBlocks: UInt64 { (inodesPerGroup * inodeSize + blockSize - 1) / blockSize }

    /// The first block of a group.
    func firstBlock(of group: UInt64) -> UInt64 { firstDataBlock + group * blocksPerGroup }

    /// How many blocks a group has: all but the last have the same number.
    func blockCount(of group: UInt64) -> UInt64 { min(blocksPerGroup, blockCount - firstBlock(of: group)) }

    /// The group that a block is in.
    func group(of block: UInt64) -> UInt64 { (block - firstDataBlock) / blocksPerGroup }
}

extension Ext4Superblock {
    /// What the superblock says about itself, before its layout is looked at.
    struct State {
        /// Whether all features that change the layout are known.
        var isKnown: Bool
        var isMarkedClean: Bool
        var isMarkedBad: Bool
        var needsRecovery: Bool
    }

    /// The state of the superblock of a file system that begins with `bytes`.
    static func state(_ bytes: DiskBytes) throws(FerryError) -> State {
        let base = Int(offset)
        let isDynamic = try bytes.little(base + 0x4C, as: UInt32.self) > 0
        let incompatible = isDynamic ? try bytes.little(base + 0x60, as: UInt32.self) : 0
        let readOnly = isDynamic ? try bytes.little(base + 0x64, as: UInt32.self) : 0
        let state = try bytes.little(base + 0x3A, as: UInt16.self)
        return State(
            isKnown: incompatible & ~Features.knownIncompatible == 0
                && readOnly & ~Features.knownReadOnlyCompatible == 0,
            isMarkedClean: state & 1 != 0,
            isMarkedBad: state & 2 != 0,
            needsRecovery: incompatible & 0x4 != 0
        )
    }

    /// Whether blocks have at least 4 KiB and are not grouped into clusters.
    static func hasPlainBlocks(_ bytes: DiskBytes) throws(FerryError) -> Bool {
        let base = Int(offset)
        let logBlockSize = try bytes.little(base + 0x18, as: UInt32.self)
        let readOnly = try bytes.little(base + 0x64, as: UInt32.self)
        return logBlockSize >= 2 && readOnly & 0x200 == 0
    }
}
