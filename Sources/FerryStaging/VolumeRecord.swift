internal import FerryCore
internal import FoundationEssentials

/// What the index says of a volume.
public struct VolumeRecord: Codable, Hashable, Sendable {
    /// The volume's number in the index.
    public var number: UInt32
    /// The volume's random identifier, as 32 hexadecimal digits.
    public var identifier: String
    /// The job.
    public var job: String
    /// The disk's name within the job.
    public var disk: String
    /// The disk's size in bytes.
    public var size: UInt64
    /// What the agent knows of the disk's identity.
    public var identity: String
    /// The rule by which the disk's chunks are cut.
    public var cutRule: UInt8
    /// The path of the file or device, below the data directory unless it begins with a slash.
    public var path: String
    /// What makes the device this device; nil for a file, or where nothing is known.
    public var device: String?
    /// The last pass that ended in a generation; 0 if none did.
    public var lastPass: UInt64
    /// The number of the last generation; 0 if there is none.
    public var lastGeneration: UInt64

    /// `JOB/DISK`, as people name the volume.
    public var name: String { "\(job)/\(disk)" }

    /// The identifier in two words.
    var identifierWords: (UInt64, UInt64) {
        (UInt64(identifier.prefix(16), radix: 16) ?? 0, UInt64(identifier.suffix(16), radix: 16) ?? 0)
    }

    static func key(job: String, disk: String) -> [UInt8] { Array("\(job)/\(disk)".utf8) }
}

/// A manifest whose volume was read back and agreed.
public struct GenerationRecord: Codable, Sendable {
    /// The generation's number on its volume, from 1.
    public var number: UInt64
    /// The pass that it ended.
    public var pass: UInt64
    /// The manifest's root, in hexadecimal.
    public var root: String
    /// Whether all blocks are of one moment.
    public var isConsistent: Bool
    /// When the pass began, by the source's clock.
    public var startedAt: String
    /// When its last block was read, by the source's clock.
    public var endedAt: String
    /// When the read-back agreed, by the staging server's clock.
    public var verifiedAt: String
    /// Bytes of chunks in the image.
    public var dataBytes: UInt64
    /// Bytes of blocks that the source could not read.
    public var damagedBytes: UInt64
    /// Bytes of blocks that the file systems do not use.
    public var unusedBytes: UInt64
    /// What the agent knew of the disk's identity when the pass was opened; nil in generations of older releases.
    public var identity: String?
    /// The rule by which the disk's chunks were cut; nil in generations of older releases.
    public var cutRule: UInt8?

    static func key(volume: UInt32, number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: volume.bigEndian, Array.init) + withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}

enum IndexCoding {
    static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: UnsafeRawBufferPointer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw FerryError(
                .stagingIndex,
                operation: "read",
                subject: "an entry of the staging server's index",
                cause: "it is damaged (\(error))",
                advice: "Check the disk of the data directory; the volume must be replicated anew."
            )
        }
    }
}
