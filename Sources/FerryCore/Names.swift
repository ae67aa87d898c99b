/// The shared rule for names that appear in paths, certificates and on the wire.
enum NameRule {
    static let longest = 64

    static func check(_ text: String, of what: String) throws(FerryError) {
        let isAllowed = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
        guard !text.isEmpty, text.utf8.count <= longest, text.utf8.allSatisfy(isAllowed), text.first != "." else {
            throw FerryError(
                .badName,
                operation: "use \"\(text)\"",
                subject: "as the name of \(what)",
                cause: "a name has 1 to \(longest) of the characters A-Z a-z 0-9 . _ - and does not begin with a dot",
                advice: "Choose another name."
            )
        }
    }
}

/// The name of a replication job: one source server's disks on their way to one staging server.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: String

    /// A job named `name`: 1 to 64 of `A-Z a-z 0-9 . _ -`, not beginning with a dot.
    /// - Throws: `FerryError` with `ErrorCode.badName`.
    public init(_ name: String) throws(FerryError) {
        try NameRule.check(name, of: "a job")
        self.name = name
    }

    /// The name itself.
    public var description: String { name }
}

/// The name of a disk within its job, such as `sda`.
public struct DiskName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: String

    /// A disk named `name`, by the same rule as a job.
    /// - Throws: `FerryError` with `ErrorCode.badName`.
    public init(_ name: String) throws(FerryError) {
        try NameRule.check(name, of: "a disk")
        self.name = name
    }

    /// The name itself.
    public var description: String { name }
}

/// The name an agent proves with its certificate.
public struct AgentName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: String

    /// An agent named `name`, by the same rule as a job.
    /// - Throws: `FerryError` with `ErrorCode.badName`.
    public init(_ name: String) throws(FerryError) {
        try NameRule.check(name, of: "an agent")
        self.name = name
    }

    /// The name itself.
    public var description: String { name }
}
