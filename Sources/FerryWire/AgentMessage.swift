public import FerryCore
public import FerryImage
public import NIOCore

enum AgentMessageType: UInt8 {
    case hello = 0x01
    case openDisk = 0x02
    case offer = 0x03
    case data = 0x04
    case endPass = 0x05
    case ping = 0x06
    case goodbye = 0x07
    case measure = 0x08
}

/// The first message on a lane: who calls, about which job, and in which versions of the protocol.
public struct Hello: Sendable, Hashable {
    /// The oldest version that the agent speaks.
    public var oldestVersion: UInt16 = WireVersion.oldest
    /// The newest version that the agent speaks.
    public var newestVersion: UInt16 = WireVersion.newest
    /// The job's name.
    public var job: String
    /// When this run of the agent began, in microseconds since 1970: lanes with the same number belong together, and a
    /// later run supersedes an earlier.
    public var epoch: UInt64
    /// The lane's number in this run.
    public var lane: UInt32
    /// The lanes of this run that the agent still uses, this one included: any other is dead, even if its end has
    /// not reached the staging server yet.
    public var liveLanes: [UInt32]
    /// The agent's release.
    public var release: String
    /// The agent's wall clock.
    public var clock: UTCTime

    /// A hello.
    public init(job: String, epoch: UInt64, lane: UInt32, liveLanes: [UInt32], release: String, clock: UTCTime) {
        self.job = job
        self.epoch = epoch
        self.lane = lane
        self.liveLanes = liveLanes
        self.release = release
        self.clock = clock
    }
}

/// Names a disk of the job and asks for the state of its volume.
public struct OpenDisk: Sendable, Hashable {
    /// The number by which later messages of the job mean this disk.
    public var disk: UInt16
    /// The disk's name within the job.
    public var name: String
    /// What the agent knows of the disk's identity, for the proof.
    public var identity: String
    /// The disk's size.
    public var size: ByteCount
    /// The rule by which chunks are cut.
    public var cutRule: UInt8

    /// A request to open a disk.
    public init(disk: UInt16, name: String, identity: String, size: ByteCount, cutRule: UInt8) {
        self.disk = disk
        self.name = name
        self.identity = identity
        self.size = size
        self.cutRule = cutRule
    }
}

/// Says what a batch of regions holds, without the content.
public struct Offer: Sendable {
    /// The batch's number: it grows on each lane.
    public var batch: UInt64
    /// The disk.
    public var disk: UInt16
    /// Whether the staging server shall trust none of its own records of these regions, because a read-back or a
    /// comparison of manifests has shown them to be wrong.
    public var isRepair: Bool
    /// The regions.
    public var regions: [OfferedRegion]
    /// Ranges of regions that hold nothing but zeros, or nothing that is used.
    public var emptyRanges: [EmptyRange]

    /// The most regions that one offer may speak of, those of its ranges included: an agent makes it half as many.
    public static let mostRegions = 8192

    /// An offer.
    public init(batch: UInt64, disk: UInt16, isRepair: Bool, regions: [OfferedRegion], emptyRanges: [EmptyRange]) {
        self.batch = batch
        self.disk = disk
        self.isRepair = isRepair
        self.regions = regions
        self.emptyRanges = emptyRanges
    }
}

/// A range of regions that are all of one kind without content.
public struct EmptyRange: Sendable, Hashable {
    /// The first region.
    public var first: UInt32
    /// How many regions.
    public var count: UInt32
    /// `zero` or `unused`.
    public var kind: RunKind

    /// A range of `count` regions from `first`.
    public init(first: UInt32, count: UInt32, kind: RunKind) {
        self.first = first
        self.count = count
        self.kind = kind
    }
}

/// How the bytes of a `DataPart` are packed.
public enum DataEncoding: UInt8, Sendable {
    /// As they are.
    case plain = 0
    /// One zstd frame (RFC 8878).
    case zstd = 1
}

/// Content of some of the runs that the staging server needs, in the order of the offer.
public struct DataPart: Sendable {
    /// The batch.
    public var batch: UInt64
    /// The first run, counted among the needed runs of the batch.
    public var firstNeeded: UInt16
    /// How many needed runs follow, from that one.
    public var runs: UInt16
    /// Length of the content when unpacked, in bytes: at most `longestContent`.
    public var unpackedLength: UInt32
    /// How the content is packed.
    public var encoding: DataEncoding
    /// The content: whole chunks, and the changed blocks of patches.
    public var content: ByteBuffer

    /// The longest content of one part when unpacked: 2 MiB. Longer parts would pack hardly better, and be longer to
    /// lose.
    public static let longestContent = 2 << 20

    /// A part.
    public init(
        batch: UInt64,
        firstNeeded: UInt16,
        runs: UInt16,
        unpackedLength: UInt32,
        encoding: DataEncoding,
        content: ByteBuffer
    ) {
        self.batch = batch
        self.firstNeeded = firstNeeded
        self.runs = runs
        self.unpackedLength = unpackedLength
        self.encoding = encoding
        self.content = content
    }
}

/// Whether all blocks of an image are of one moment.
public enum Consistency: UInt8, Sendable {
    /// The disk was written to while it was read.
    case fuzzy = 0
    /// The file systems were frozen, snapshotted or unmounted for the final pass.
    case consistent = 1
}

/// Ends a pass: everything was offered and is durable; this is what the image must be.
public struct EndPass: Sendable, Hashable {
    /// The disk.
    public var disk: UInt16
    /// The pass's number on this disk, from 1.
    public var pass: UInt64
    /// Whether the image is of one moment.
    public var consistency: Consistency
    /// The root of the manifest.
    public var root: Digest
    /// When the pass began, by the source's clock.
    public var startedAt: UTCTime
    /// When the last block of the pass was read, by the source's clock.
    public var endedAt: UTCTime

    /// The numbers that a pass may have: so few that one may always be added.
    public static let passes = UInt64(1)..<(1 << 60)

    /// The end of a pass.
    public init(
        disk: UInt16,
        pass: UInt64,
        consistency: Consistency,
        root: Digest,
        startedAt: UTCTime,
        endedAt: UTCTime
    ) {
        self.disk = disk
        self.pass = pass
        self.consistency = consistency
        self.root = root
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// What an agent says to a staging server.
public enum AgentMessage: Sendable {
    case hello(Hello)
    case openDisk(OpenDisk)
    case offer(Offer)
    case data(DataPart)
    case endPass(EndPass)
    case ping(token: UInt64)
    case goodbye(reason: String)
    case measure(Measure)
}

extension AgentMessage {
    /// Appends the message as a frame.
    public func write(to buffer: inout ByteBuffer) {
        switch self {
        case .hello(let hello):
            buffer.writeFrame(AgentMessageType.hello.rawValue) {
                $0.writeBytes(WireVersion.magic)
                $0.writeInteger(hello.oldestVersion)
                $0.writeInteger(hello.newestVersion)
                $0.writeText(hello.job)
                $0.writeInteger(hello.epoch)
                $0.writeInteger(hello.lane)
                $0.writeInteger(UInt8(truncatingIfNeeded: hello.liveLanes.count))
                for lane in hello.liveLanes.prefix(255) { $0.writeInteger(lane) }
                $0.writeText(hello.release)
                $0.writeInteger(hello.clock.microseconds)
            }
        case .openDisk(let open):
            buffer.writeFrame(AgentMessageType.openDisk.rawValue) {
                $0.writeInteger(open.disk)
                $0.writeText(open.name)
                $0.writeText(open.identity)
                $0.writeInteger(open.size.bytes)
                $0.writeInteger(open.cutRule)
            }
        case .offer(let offer):
            buffer.writeFrame(AgentMessageType.offer.rawValue) {
                $0.writeInteger(offer.batch)
                $0.writeInteger(offer.disk)
                $0.writeInteger(UInt8(offer.isRepair ? 1 : 0))
                $0.writeInteger(UInt16(offer.regions.count))
                for region in offer.regions { region.write(to: &$0) }
                $0.writeInteger(UInt16(offer.emptyRanges.count))
                for range in offer.emptyRanges {
                    $0.writeInteger(range.first)
                    $0.writeInteger(range.count)
                    $0.writeInteger(range.kind.rawValue)
                }
            }
        case .data(let part):
            buffer.writeFrame(AgentMessageType.data.rawValue) {
                part.writeHeader(to: &$0)
                $0.writeImmutableBuffer(part.content)
            }
        case .endPass(let end):
            buffer.writeFrame(AgentMessageType.endPass.rawValue) {
                $0.writeInteger(end.disk)
                $0.writeInteger(end.pass)
                $0.writeInteger(end.consistency.rawValue)
                $0.writeDigest(end.root)
                $0.writeInteger(end.startedAt.microseconds)
                $0.writeInteger(end.endedAt.microseconds)
            }
        case .ping(let token):
            buffer.writeFrame(AgentMessageType.ping.rawValue) { $0.writeInteger(token) }
        case .goodbye(let reason):
            buffer.writeFrame(AgentMessageType.goodbye.rawValue) { $0.writeText(reason) }
        case .measure(let measure): buffer.writeFrame(AgentMessageType.measure.rawValue) { measure.write(to: &$0) }
        }
    }

    /// Reads the message of `frame`.
    /// - Throws: `FerryError` with `wireMalformed` or, for a hello, `wireVersion`.
    public init(_ frame: Frame) throws(FerryError) {
        guard let type = AgentMessageType(rawValue: frame.type) else {
            throw WireError.malformed("a frame", "\(frame.type) is the type of no message that an agent sends")
        }
        var reader = FieldReader(frame.payload, "a message of type \(frame.type)")
        switch type {
        case .hello: self = .hello(try Hello(from: &reader))
        case .openDisk:
            self = .openDisk(
                OpenDisk(
                    disk: try reader.integer(),
                    name: try reader.text(),
                    identity: try reader.text(),
                    size: ByteCount(try reader.integer(UInt64.self)),
                    cutRule: try reader.integer()
                )
            )
        case .offer:
            var offer = Offer(
                batch: try reader.integer(),
                disk: try reader.integer(),
                isRepair: try reader.flag(),
                regions: [],
                emptyRanges: []
            )
            let count = Int(try reader.integer(UInt16.self))
            var regions = count
            guard regions <= Offer.mostRegions else { throw Offer.tooLong }
            offer.regions.reserveCapacity(count)
            for _ in 0..<count { offer.regions.append(try OfferedRegion.read(from: &reader)) }
            for _ in 0..<(try reader.integer(UInt16.self)) {
                let first: UInt32 = try reader.integer()
                let count: UInt32 = try reader.integer()
                guard let kind = RunKind(rawValue: try reader.integer()), kind == .zero || kind == .unused else {
                    throw WireError.malformed("an offer", "a range without content is of another kind")
                }
                // Nobody needs a range of no region, and each takes memory.
                guard count > 0, first <= .max - count else {
                    throw WireError.malformed("an offer", "a range of it begins at \(first) and has \(count) regions")
                }
                regions += Int(count)
                guard regions <= Offer.mostRegions else { throw Offer.tooLong }
                offer.emptyRanges.append(EmptyRange(first: first, count: count, kind: kind))
            }
            self = .offer(offer)
        case .data: self = .data(try DataPart(from: &reader))
        case .endPass:
            let disk: UInt16 = try reader.integer()
            let pass: UInt64 = try reader.integer()
            guard EndPass.passes.contains(pass) else {
                throw WireError.malformed("the end of a pass", "a pass has no number \(pass)")
            }
            guard let consistency = Consistency(rawValue: try reader.integer()) else {
                throw WireError.malformed("the end of a pass", "its consistency is unknown")
            }
            self = .endPass(
                EndPass(
                    disk: disk,
                    pass: pass,
                    consistency: consistency,
                    root: try reader.digest(),
                    startedAt: try reader.time(),
                    endedAt: try reader.time()
                )
            )
        case .ping: self = .ping(token: try reader.integer())
        case .goodbye: self = .goodbye(reason: try reader.text())
        case .measure: self = .measure(try Measure(from: &reader))
        }
        try reader.end()
    }
}

extension Offer {
    fileprivate static var tooLong: FerryError {
        WireError.malformed("an offer", "it speaks of more than \(mostRegions) regions")
    }
}

extension Hello {
    /// A hello of a version that this side does not speak may have other fields after the versions.
    init(from reader: inout FieldReader) throws(FerryError) {
        guard try reader.bytes(WireVersion.magic.count) == WireVersion.magic else {
            throw WireError.malformed("a hello", "it does not begin as Ferry's does")
        }
        let oldest: UInt16 = try reader.integer()
        let newest: UInt16 = try reader.integer()
        guard WireVersion.common(with: oldest, newest) != nil else { throw WireError.version(oldest, newest) }
        let job = try reader.text()
        let epoch: UInt64 = try reader.integer()
        let lane: UInt32 = try reader.integer()
        var liveLanes: [UInt32] = []
        for _ in 0..<(try reader.integer(UInt8.self)) { liveLanes.append(try reader.integer()) }
        self.init(
            job: job,
            epoch: epoch,
            lane: lane,
            liveLanes: liveLanes,
            release: try reader.text(),
            clock: try reader.time()
        )
        oldestVersion = oldest
        newestVersion = newest
    }
}

extension DataPart {
    /// Bytes of a part's fields before its content.
    public static let headerLength = 8 + 2 + 2 + 4 + 1

    func writeHeader(to buffer: inout ByteBuffer) {
        buffer.writeInteger(batch)
        buffer.writeInteger(firstNeeded)
        buffer.writeInteger(runs)
        buffer.writeInteger(unpackedLength)
        buffer.writeInteger(encoding.rawValue)
    }

    /// Appends the frame and field headers of a part whose `contentLength` bytes of content will follow, so that the
    /// content need not be copied behind them.
    public func writeFrameHeader(to buffer: inout ByteBuffer, contentLength: Int) {
        buffer.writeInteger(UInt32(DataPart.headerLength + contentLength))
        buffer.writeInteger(AgentMessageType.data.rawValue)
        writeHeader(to: &buffer)
    }

    init(from reader: inout FieldReader) throws(FerryError) {
        let batch: UInt64 = try reader.integer()
        let first: UInt16 = try reader.integer()
        let runs: UInt16 = try reader.integer()
        let length: UInt32 = try reader.integer()
        guard let encoding = DataEncoding(rawValue: try reader.integer()) else {
            throw WireError.malformed("a part of a batch", "its encoding is unknown")
        }
        guard runs > 0, length <= DataPart.longestContent else {
            throw WireError.malformed("a part of a batch", "it claims \(runs) runs of together \(length) bytes")
        }
        self.init(
            batch: batch,
            firstNeeded: first,
            runs: runs,
            unpackedLength: length,
            encoding: encoding,
            content: reader.rest()
        )
    }
}
