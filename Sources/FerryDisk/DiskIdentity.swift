/// What tells one disk from another: facts in the order of their weight.
public struct DiskIdentity: Hashable, Sendable {
    /// What a fact is about, the weightiest first.
    public enum Kind: String, Sendable, CaseIterable {
        /// The world wide name the hardware reports.
        case wwn
        /// The UUID the device mapper keeps.
        case deviceMapper = "dm-uuid"
        /// The serial number the hardware reports. Virtual machines give the same to many disks.
        case serial
        /// The GUID of the GPT.
        case gptGUID = "gpt-guid"
        /// The signature of the MBR.
        case mbrSignature = "mbr-signature"
        /// The UUID of the first file system.
        case fileSystemUUID = "fs-uuid"
        /// The device and inode number of an image file, if its content has nothing of its own.
        case inode
        /// The size in bytes. A disk may grow and stay the same disk.
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

    /// The facts, in the order of `Kind`, at most one of each.
    public var facts: [Fact]

    /// An identity of these facts.
    public init(facts: [Fact]) { self.facts = facts }

    /// Whether `now` is the same disk as this one was.
    ///
    /// A world wide name or a device mapper UUID that both have decides, also if everything on the disk is new. Without
    /// one, all facts that both have must agree: a serial number may be shared, and a signature be cloned. The size
    /// never makes two disks the same; it tells them apart only if nothing but a signature speaks for them.
    public func compared(with now: DiskIdentity) -> Comparison {
        var agreed: Kind?
        for kind in Kind.allCases {
            guard let old = facts.first(where: { $0.kind == kind }),
                let new = now.facts.first(where: { $0.kind == kind })
            else { continue }
            if kind == .size {
                let isWeak = agreed == nil || agreed == .mbrSignature
                if old != new, isWeak { return .different(was: old, isNow: new) }
                continue
            }
            if old != new { return .different(was: old, isNow: new) }
            if kind == .wwn || kind == .deviceMapper { return .same(by: kind) }
            if agreed == nil { agreed = kind }
        }
        return agreed.map { .same(by: $0) } ?? .unknown
    }
}
