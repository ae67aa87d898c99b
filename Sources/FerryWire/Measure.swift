public import FerryCore
public import NIOCore

/// Measures the way to a staging server: a question that claims no job, and bytes that are counted and thrown away.
///
/// Sent before a hello or without any, as often as wanted; each is answered by a `Measured`.
public struct Measure: Sendable, Hashable {
    /// The oldest version that the agent speaks.
    public var oldestVersion: UInt16 = WireVersion.oldest
    /// The newest version that the agent speaks.
    public var newestVersion: UInt16 = WireVersion.newest
    /// Comes back in the answer.
    public var token: UInt64
    /// A job whose owner is asked for; empty if none is.
    public var job: String
    /// What is there to have a length. It should not be easy to pack, so that nothing on the way can make it shorter.
    public var filler: ByteBuffer

    /// The most bytes of filler in one message.
    public static let longestFiller = 32_768
    /// The most bytes of filler on one lane.
    public static let mostFiller = ByteCount.mebibytes(16)

    /// A question, with as much filler as is to be measured.
    public init(token: UInt64, job: String = "", filler: ByteBuffer = ByteBuffer()) {
        self.token = token
        self.job = job
        self.filler = filler
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeBytes(WireVersion.magic)
        buffer.writeInteger(oldestVersion)
        buffer.writeInteger(newestVersion)
        buffer.writeInteger(token)
        buffer.writeText(job)
        buffer.writeImmutableBuffer(filler)
    }

    init(from reader: inout FieldReader) throws(FerryError) {
        guard try reader.bytes(WireVersion.magic.count) == WireVersion.magic else {
            throw WireError.malformed("a measurement", "it does not begin as Ferry's does")
        }
        let oldest: UInt16 = try reader.integer()
        let newest: UInt16 = try reader.integer()
        guard WireVersion.common(with: oldest, newest) != nil else { throw WireError.version(oldest, newest) }
        self.init(token: try reader.integer(), job: try reader.text(), filler: reader.rest())
        guard filler.readableBytes <= Measure.longestFiller else {
            throw WireError.malformed("a measurement", "its filler is too long")
        }
        oldestVersion = oldest
        newestVersion = newest
    }
}

/// Whose a job is, as far as the agent that asks may know.
public enum JobOwner: UInt8, Sendable {
    /// Nobody was asked about.
    case notAsked = 0
    /// No agent has the job yet.
    case nobody = 1
    /// The agent that asks.
    case thisAgent = 2
    /// Another agent.
    case anotherAgent = 3
}

/// The answer to a `Measure`.
public struct Measured: Sendable, Hashable {
    /// The version of the protocol that both sides speak.
    public var version: UInt16
    /// The staging server's release.
    public var release: String
    /// The staging server's wall clock.
    public var clock: UTCTime
    /// The address and port from which the agent appears to call: after any translation on the way.
    public var observedAddress: String
    /// What the question said.
    public var token: UInt64
    /// Bytes of filler that have come on this lane so far.
    public var bytes: UInt64
    /// How long after the lane's first question this one came.
    public var microseconds: UInt64
    /// Whose the job is that was asked about.
    public var owner: JobOwner

    /// An answer.
    public init(
        version: UInt16,
        release: String,
        clock: UTCTime,
        observedAddress: String,
        token: UInt64,
        bytes: UInt64,
        microseconds: UInt64,
        owner: JobOwner
    ) {
        self.version = version
        self.release = release
        self.clock = clock
        self.observedAddress = observedAddress
        self.token = token
        self.bytes = bytes
        self.microseconds = microseconds
        self.owner = owner
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(version)
        buffer.writeText(release)
        buffer.writeInteger(clock.microseconds)
        buffer.writeText(observedAddress)
        buffer.writeInteger(token)
        buffer.writeInteger(bytes)
        buffer.writeInteger(microseconds)
        buffer.writeInteger(owner.rawValue)
    }

    init(from reader: inout FieldReader) throws(FerryError) {
        self.init(
            version: try reader.integer(),
            release: try reader.text(),
            clock: try reader.time(),
            observedAddress: try reader.text(),
            token: try reader.integer(),
            bytes: try reader.integer(),
            microseconds: try reader.integer(),
            owner: .notAsked
        )
        guard let owner = JobOwner(rawValue: try reader.integer()) else {
            throw WireError.malformed("the answer to a measurement", "it names an unknown kind of owner")
        }
        self.owner = owner
    }
}
