/// What tells one disk from another: facts in the order of their weight.
public struct DiskIdentity: Hashable, Sendable {
    /// What a fact is about, the weightiest first.
    public enum Kind: String, Sendable, CaseIterable {
        /// The world wide name the hardware reports.
        case wwn
        /// The UUID the device mapper keeps.
        case deviceMapper = "dm-uuid"
        /// The serial number the hardware reports.
        case serial
        /// The GUID of the GPT.
        case gptGUID = "gpt-guid"
        /// The signature of the MBR.
        case mbrSignature = "mbr-signature"
        /// The UUID of the first file system.
        case fileSystemUUID = "fs-uuid"
        /// The device and inode number of an image file.
        case inode
        /// The size in bytes.
        case size
    }

    /// One fact.
    public struct Fact: Hashable, Sendable {
        /// What it is about.
        public var kind: Kind
        /// The value, as text.
        public var value: String

        /// A fact with its value.
        public init(_ kind: Kind, _ value: String) {
            self.kind = kind
            self.value = value
        }
    }

    /// What comparing two identities says.
    public enum Comparison: Hashable, Sendable {
        /// The same disk, and the weightiest fact that says so.
        case same(by: Kind)
        /// Another disk, and the fact that differs.
        case different(was: Fact, isNow: Fact)
        /// No fact but the size is known of both.
        case unknown
    }

    /// The facts, in the order of `Kind`.
    public var facts: [Fact]

    /// An identity of these facts.
    public init(facts: [Fact]) { self.facts = facts }

    /// Whether `now` is the same disk as this one was.
    public func compared(with now: DiskIdentity) -> Comparison { .unknown }
}
