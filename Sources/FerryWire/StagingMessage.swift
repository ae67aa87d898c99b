public import FerryCore
public import NIOCore

enum StagingMessageType: UInt8 {
    case welcome = 0x81
    case refuse = 0x82
    case diskState = 0x83
    case need = 0x84
    case durable = 0x85
    case verifying = 0x86
    case verified = 0x87
    case repair = 0x88
    case pong = 0x89
    case measured = 0x8A
}

/// The answer to a hello.
public struct Welcome: Sendable, Hashable {
    /// The version of the protocol to be spoken from here.
    public var version: UInt16
    /// The staging server's release.
    public var release: String
    /// The staging server's wall clock.
    public var clock: UTCTime
    /// The address and port from which the agent appears to call: after any translation on the way.
    public var observedAddress: String

    /// A welcome.
    public init(version: UInt16, release: String, clock: UTCTime, observedAddress: String) {
        self.version = version
        self.release = release
        self.clock = clock
        self.observedAddress = observedAddress
    }
}

/// The lane, or the job, cannot go on; the lane is closed after it.
public struct Refusal: Sendable, Hashable {
    /// The error's stable code.
    public var code: String
    /// What happened, to what, and why.
    public var text: String
    /// What to do.
    public var advice: String
    /// Whether the same may be tried again later.
    public var mayRetry: Bool

    /// A refusal.
    public init(code: String, text: String, advice: String, mayRetry: Bool) {
        self.code = code
        self.text = text
        self.advice = advice
        self.mayRetry = mayRetry
    }

    /// A refusal that tells of `error`.
    public init(_ error: FerryError) {
        self.init(
            code: error.code.text,
            text: "could not \(error.operation) \(error.subject): \(error.cause)",
            advice: error.advice,
            mayRetry: error.retry != .permanent
        )
    }
}

/// What the staging server holds of a disk.
public struct DiskState: Sendable, Hashable {
    /// The disk.
    public var disk: UInt16
    /// The volume's random identifier, in two words: a new volume has a new one, and what an agent remembers of
    /// another is void.
    public var volume: (UInt64, UInt64)
    /// The last pass that ended in a generation; 0 if none did.
    public var lastPass: UInt64

    /// The state of a disk.
    public init(disk: UInt16, volume: (UInt64, UInt64), lastPass: UInt64) {
        self.disk = disk
        self.volume = volume
        self.lastPass = lastPass
    }

    /// Whether both hold the same.
    public static func == (left: DiskState, right: DiskState) -> Bool {
        left.disk == right.disk && left.volume == right.volume && left.lastPass == right.lastPass
    }

    /// Feeds what tells one from another to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(disk)
        hasher.combine(volume.0)
    }
}

/// Which runs of an offer the staging server lacks.
public struct Need: Sendable, Hashable {
    /// The batch.
    public var batch: UInt64
    /// Regions whose base is not what the agent thinks; the batch is void and they must be offered in full.
    public var outOfStep: [UInt32]
    /// For each `chunk` and `patch` run of the offer, in order, whether its content is needed.
    public var needed: [Bool]

    /// An answer to an offer.
    public init(batch: UInt64, outOfStep: [UInt32], needed: [Bool]) {
        self.batch = batch
        self.outOfStep = outOfStep
        self.needed = needed
    }
}

/// What a staging server says to an agent.
public enum StagingMessage: Sendable {
    case welcome(Welcome)
    case refuse(Refusal)
    case diskState(DiskState)
    case need(Need)
    /// Every batch offered on this lane up to `batch` is on stable storage and indexed.
    case durable(batch: UInt64)
    /// The read-back of a pass has come this far.
    case verifying(disk: UInt16, done: ByteCount, total: ByteCount)
    /// The volume was read back and agrees with the manifest: it is generation `generation`.
    case verified(disk: UInt16, pass: UInt64, generation: UInt64, root: Digest)
    /// These regions of the volume are not what the manifest says; an empty list means that the manifests differ and
    /// every region must be offered again.
    case repair(disk: UInt16, pass: UInt64, regions: [UInt32])
    case pong(token: UInt64)
    case measured(Measured)
}

extension StagingMessage {
    /// The most regions that one `repair` names; what is left is found by the next read-back.
    public static let mostRepairs = 65_536

    /// Appends the message as a frame.
    public func write(to buffer: inout ByteBuffer) {
        switch self {
        case .welcome(let welcome):
            buffer.writeFrame(StagingMessageType.welcome.rawValue) {
                $0.writeInteger(welcome.version)
                $0.writeText(welcome.release)
                $0.writeInteger(welcome.clock.microseconds)
                $0.writeText(welcome.observedAddress)
            }
        case .refuse(let refusal):
            buffer.writeFrame(StagingMessageType.refuse.rawValue) {
                $0.writeText(refusal.code)
                $0.writeText(refusal.text)
                $0.writeText(refusal.advice)
                $0.writeInteger(UInt8(refusal.mayRetry ? 1 : 0))
            }
        case .diskState(let state):
            buffer.writeFrame(StagingMessageType.diskState.rawValue) {
                $0.writeInteger(state.disk)
                $0.writeInteger(state.volume.0)
                $0.writeInteger(state.volume.1)
                $0.writeInteger(state.lastPass)
            }
        case .need(let need):
            buffer.writeFrame(StagingMessageType.need.rawValue) {
                $0.writeInteger(need.batch)
                $0.writeInteger(UInt16(need.outOfStep.count))
                for region in need.outOfStep { $0.writeInteger(region) }
                $0.writeInteger(UInt32(need.needed.count))
                var byte: UInt8 = 0
                for (index, isNeeded) in need.needed.enumerated() {
                    if isNeeded { byte |= 1 << UInt8(index & 7) }
                    if index & 7 == 7 || index == need.needed.count - 1 {
                        $0.writeInteger(byte)
                        byte = 0
                    }
                }
            }
        case .durable(let batch):
            buffer.writeFrame(StagingMessageType.durable.rawValue) { $0.writeInteger(batch) }
        case .verifying(let disk, let done, let total):
            buffer.writeFrame(StagingMessageType.verifying.rawValue) {
                $0.writeInteger(disk)
                $0.writeInteger(done.bytes)
                $0.writeInteger(total.bytes)
            }
        case .verified(let disk, let pass, let generation, let root):
            buffer.writeFrame(StagingMessageType.verified.rawValue) {
                $0.writeInteger(disk)
                $0.writeInteger(pass)
                $0.writeInteger(generation)
                $0.writeDigest(root)
            }
        case .repair(let disk, let pass, let regions):
            buffer.writeFrame(StagingMessageType.repair.rawValue) {
                $0.writeInteger(disk)
                $0.writeInteger(pass)
                for region in regions.prefix(StagingMessage.mostRepairs) { $0.writeInteger(region) }
            }
        case .pong(let token):
            buffer.writeFrame(StagingMessageType.pong.rawValue) { $0.writeInteger(token) }
        case .measured(let measured):
            buffer.writeFrame(StagingMessageType.measured.rawValue) { measured.write(to: &$0) }
        }
    }

    /// Reads the message of `frame`.
    /// - Throws: `FerryError` with `wireMalformed`.
    public init(_ frame: Frame) throws(FerryError) {
        guard let type = StagingMessageType(rawValue: frame.type) else {
            throw WireError.malformed("a frame", "\(frame.type) is the type of no message that a staging server sends")
        }
        var reader = FieldReader(frame.payload, "a message of type \(frame.type)")
        switch type {
        case .welcome:
            self = .welcome(
                Welcome(
                    version: try reader.integer(),
                    release: try reader.text(),
                    clock: try reader.time(),
                    observedAddress: try reader.text()
                )
            )
        case .refuse:
            self = .refuse(
                Refusal(
                    code: try reader.text(),
                    text: try reader.text(),
                    advice: try reader.text(),
                    mayRetry: try reader.flag()
                )
            )
        case .diskState:
            self = .diskState(
                DiskState(
                    disk: try reader.integer(),
                    volume: (try reader.integer(), try reader.integer()),
                    lastPass: try reader.integer()
                )
            )
        case .need: self = .need(try Need(from: &reader))
        case .durable: self = .durable(batch: try reader.integer())
        case .verifying:
            self = .verifying(
                disk: try reader.integer(),
                done: ByteCount(try reader.integer(UInt64.self)),
                total: ByteCount(try reader.integer(UInt64.self))
            )
        case .verified:
            self = .verified(
                disk: try reader.integer(),
                pass: try reader.integer(),
                generation: try reader.integer(),
                root: try reader.digest()
            )
        case .repair:
            let disk: UInt16 = try reader.integer()
            let pass: UInt64 = try reader.integer()
            var regions: [UInt32] = []
            guard reader.buffer.readableBytes <= StagingMessage.mostRepairs * MemoryLayout<UInt32>.size else {
                throw WireError.malformed("a repair", "it names more than \(StagingMessage.mostRepairs) regions")
            }
            while reader.buffer.readableBytes > 0 { regions.append(try reader.integer()) }
            self = .repair(disk: disk, pass: pass, regions: regions)
        case .pong: self = .pong(token: try reader.integer())
        case .measured: self = .measured(try Measured(from: &reader))
        }
        try reader.end()
    }
}

extension Need {
    init(from reader: inout FieldReader) throws(FerryError) {
        let batch: UInt64 = try reader.integer()
        var outOfStep: [UInt32] = []
        for _ in 0..<(try reader.integer(UInt16.self)) { outOfStep.append(try reader.integer()) }
        let count = Int(try reader.integer(UInt32.self))
        guard count <= FrameDecoder.longestControl * 8 else {
            throw WireError.malformed("an answer to an offer", "it claims \(count) runs")
        }
        let bits = try reader.bits(count)
        self.init(
            batch: batch,
            outOfStep: outOfStep,
            needed: (0..<count).map { bits[$0 >> 3] & (1 << UInt8($0 & 7)) != 0 }
        )
    }
}
