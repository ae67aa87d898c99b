public import FerryCore

/// One partition, as the partition table describes it.
public struct Partition: Hashable, Sendable {
    /// The number the kernel would give it: from 1; logical partitions from 5.
    public var number: Int
    /// The bytes it covers.
    public var extent: Extent
    /// GPT: the type GUID in lower case; MBR: the type byte as `0x83`.
    public var type: String
    /// GPT: the partition's own GUID in lower case.
    public var guid: String?
    /// GPT: the partition's name, if it has one.
    public var name: String?

    /// A partition with all its parts.
    public init(number: Int, extent: Extent, type: String, guid: String? = nil, name: String? = nil) {
        self.number = number
        self.extent = extent
        self.type = type
        self.guid = guid
        self.name = name
    }
}

/// How a disk is divided.
public struct PartitionTable: Hashable, Sendable {
    /// The form of the table.
    public enum Kind: String, Sendable {
        /// GUID partition table.
        case gpt
        /// Master boot record, with logical partitions if there are any.
        case mbr
        /// No table: the disk is blank, or one file system fills it.
        case none
    }

    /// The form of the table.
    public var kind: Kind
    /// GPT: the disk's GUID in lower case; MBR: the signature as eight hexadecimal digits, unless it is zero.
    public var diskID: String?
    /// The partitions that lie inside the disk, by number.
    public var partitions: [Partition]
    /// What is wrong with the table.
    public var findings: [Finding]

    /// A table with all its parts.
    public init(kind: Kind, diskID: String? = nil, partitions: [Partition] = [], findings: [Finding] = []) {
        self.kind = kind
        self.diskID = diskID
        self.partitions = partitions
        self.findings = findings
    }
}
