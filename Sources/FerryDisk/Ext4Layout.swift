/// Where the copies of the superblock and of the descriptors lie: kernel fs/ext4/balloc.c describes it by its code.
extension Ext4Superblock {
    /// Whether a group begins with a copy of the superblock.
    func hasSuperblock(_ group: UInt64) -> Bool {
        if group == 0 { return true }
        if features.sparseSuper2 { return backupGroups.contains(group) }
        if group == 1 || !features.sparseSuper { return true }
        return [3, 5, 7].contains { isPower(group, of: $0) }
    }

    private func isPower(_ number: UInt64, of base: UInt64) -> Bool {
        var power = base
        while power < number { power *= base }
        return power == number
    }

    /// The block that holds block `index` of the descriptors.
    func descriptorBlock(_ index: UInt64) -> UInt64 {
        if !features.metaBG || index < firstMetaGroup { return (blockSize == 1024 ? 1 : 0) + 1 + index }
        let group = index * descriptorsPerBlock
        var block = firstBlock(of: group) + (hasSuperblock(group) ? 1 : 0)
        // The boot block is a block of its own here, and belongs to the first group.
        if index == 0, blockSize == 1024, firstDataBlock == 0 { block += 1 }
        return block
    }

    /// How many blocks at a group's start hold copies of the superblock and of the descriptors.
    func reservedBlocks(_ group: UInt64) -> UInt64 {
        let copies: UInt64 = hasSuperblock(group) ? 1 : 0
        // In the first group of a file system with blocks of 1 KiB in clusters, the boot block comes before all.
        let boot: UInt64 = group == 0 && blockSize == 1024 && firstDataBlock == 0 ? 1 : 0
        if !features.metaBG || group < firstMetaGroup * descriptorsPerBlock {
            guard copies > 0 else { return 0 }
            return boot + 1 + (features.metaBG ? firstMetaGroup : descriptorBlocks) + reservedDescriptorBlocks
        }
        let place = group % descriptorsPerBlock
        return boot + copies + (place == 0 || place == 1 || place == descriptorsPerBlock - 1 ? 1 : 0)
    }
}
