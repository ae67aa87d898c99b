public import FerryCore

/// Something about a disk that its owner should know, and that does not stop the disk from being read.
public struct Finding: Hashable, Sendable {
    /// What was found, as stable text.
    public enum Code: String, Sendable {
        /// The primary GPT is damaged; the backup at the end of the disk was used.
        case gptPrimaryDamaged = "disk.gpt-primary-damaged"
        /// The backup GPT is damaged or missing; the primary was used.
        case gptBackupDamaged = "disk.gpt-backup-damaged"
        /// There is a GPT signature, and neither copy is whole: the disk is copied whole.
        case gptUnusable = "disk.gpt-unusable"
        /// The MBR has partitions of its own besides the GPT.
        case hybridMBR = "disk.hybrid-mbr"
        /// The chain of logical partitions is broken or runs in a circle.
        case badExtendedPartition = "disk.bad-extended-partition"
        /// A partition reaches beyond the end of the disk.
        case partitionOutOfRange = "disk.partition-out-of-range"
        /// Two partitions share bytes: they are copied whole.
        case partitionsOverlap = "disk.partitions-overlap"
        /// The file system's record of free space is not consistent: it is copied whole.
        case mapInconsistent = "disk.map-inconsistent"
        /// The journal or log has to be replayed first: the file system is copied whole.
        case needsRecovery = "disk.needs-recovery"
        /// The file system uses a feature Ferry does not know: it is copied whole.
        case unknownFeature = "disk.unknown-feature"
        /// The file system is recognised, and Ferry does not read its record of free space: it is copied whole.
        case copiedWhole = "disk.copied-whole"
        /// The swap area holds a suspended system: it is copied whole.
        case hibernated = "disk.hibernated"
        /// Part of the disk could not be read while it was looked at.
        case unreadable = "disk.unreadable"
    }

    /// What was found.
    public var code: Code
    /// Where on the disk, if it concerns a part of it.
    public var extent: Extent?
    /// The finding as a sentence.
    public var text: String

    /// A finding with all its parts.
    public init(_ code: Code, at extent: Extent? = nil, _ text: String) {
        self.code = code
        self.extent = extent
        self.text = text
    }
}
