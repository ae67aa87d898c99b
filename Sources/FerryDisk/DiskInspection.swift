public import FerryCore

/// What is on a partition, or on a disk without partitions.
public enum FileSystemKind: String, Sendable {
    case ext2, ext3, ext4, xfs, swap, btrfs, ntfs, fat, exfat, iso9660, squashfs, f2fs, reiserfs
    /// A volume of LVM2.
    case lvm2 = "lvm2-pv"
    /// A member of a software RAID.
    case mdraid = "md-member"
    /// An encrypted volume.
    case luks
    /// A journal of an ext3 or ext4 file system on another device.
    case extJournal = "ext-journal"
    /// Nothing that is known.
    case unknown
}

/// What fills one region of a disk, and how much of it is in use.
public struct RegionInspection: Hashable, Sendable {
    /// The bytes of the region.
    public var extent: Extent
    /// The partition it is, or nil for a disk without partitions.
    public var partition: Partition?
    /// What is on it.
    public var fileSystem: FileSystemKind
    /// The file system's label, if it has one.
    public var label: String?
    /// The file system's UUID, in lower case, if it has one.
    public var uuid: String?
    /// Where it is mounted on this host, if it is.
    public var mountPoint: String?
    /// Bytes that have to be copied. The whole region if the use of its blocks is not known.
    public var used: ByteCount
    /// Bytes that no file and no metadata uses.
    public var unused: ByteCount
    /// Where the knowledge of unused blocks comes from.
    public var source: UsageSource
}

/// Where the knowledge of unused blocks comes from.
public enum UsageSource: String, Sendable {
    /// The running kernel was asked (`FS_IOC_GETFSMAP`).
    case kernel
    /// The file system's structures were read from the disk.
    case disk
    /// Nothing is known: all is taken to be in use.
    case none
}

/// What is on a disk, for people to look at before it is moved.
public struct DiskInspection: Hashable, Sendable {
    /// The size and the units.
    public var geometry: DiskGeometry
    /// The form of the partition table.
    public var tableKind: PartitionTable.Kind
    /// GPT: the disk's GUID in lower case; MBR: the signature as eight hexadecimal digits, unless it is zero.
    public var diskID: String?
    /// The partitions, or the one region of a disk without any, by place.
    public var regions: [RegionInspection]
    /// Bytes that have to be copied, the gaps between partitions included.
    public var used: ByteCount
    /// Bytes that nothing uses.
    public var unused: ByteCount
    /// What the owner should know.
    public var findings: [Finding]
}
