public import FerryCore
public import NIOCore

/// One frame as it arrived: its type and its payload.
public struct Frame: Sendable {
    /// The message type, by the tables of docs/specs/wire.md.
    public var type: UInt8
    /// The message.
    public var payload: ByteBuffer

    /// A frame of `type` with `payload`.
    public init(type: UInt8, payload: ByteBuffer) {
        self.type = type
        self.payload = payload
    }
}

/// Cuts a stream of bytes into frames: a length of four bytes, a type of one, a payload.
///
/// Refuses a frame that is too long for its type as soon as its header is here, so that no peer can make this side
/// hold more than one frame.
public struct FrameDecoder: Sendable {
    /// Bytes before a frame's payload.
    public static let headerLength = 5
    /// The longest payload of a frame that carries data or an offer.
    public static let longestBulk = DataPart.longestContent + 65_536
    /// The longest payload of any other frame.
    public static let longestControl = 65_536

    private var pending = ByteBuffer()

    /// A decoder at the beginning of a stream.
    public init() {}

    /// How many bytes wait for the rest of their frame.
    public var pendingBytes: Int { pending.readableBytes }

    /// How many bytes of memory the decoder holds.
    var heldBytes: Int { pending.storageCapacity }

    /// Takes in the next bytes of the stream.
    public mutating func append(_ bytes: inout ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
            bytes.moveReaderIndex(to: bytes.writerIndex)
        } else {
            // Otherwise the buffer would keep every frame taken since a piece last ended where a frame did.
            pending.discardReadBytes()
            if let length: UInt32 = pending.getInteger(at: pending.readerIndex) {
                let whole = FrameDecoder.headerLength + Int(min(length, UInt32(FrameDecoder.longestBulk)))
                pending.reserveCapacity(minimumWritableBytes: max(0, whole - pending.readableBytes))
            }
            pending.writeBuffer(&bytes)
        }
    }

    /// The next whole frame, or nil if more bytes are needed.
    /// - Throws: `FerryError` with `wireFrameTooLong`.
    public mutating func next() throws(FerryError) -> Frame? {
        guard let length: UInt32 = pending.getInteger(at: pending.readerIndex),
            let type: UInt8 = pending.getInteger(at: pending.readerIndex + 4)
        else { return nil }
        let longest = FrameDecoder.longestPayload(ofType: type)
        guard length <= longest else {
            throw FerryError(
                .wireFrameTooLong,
                operation: "read a frame",
                subject: "of type \(type)",
                cause: "it claims \(ByteCount(UInt64(length))), and at most \(ByteCount(longest)) are allowed",
                advice: "Check that the port belongs to Ferry and that both sides are of the same release.",
                retry: .reconnect
            )
        }
        guard pending.readableBytes >= FrameDecoder.headerLength + Int(length) else { return nil }
        pending.moveReaderIndex(forwardBy: FrameDecoder.headerLength)
        guard let payload = pending.readSlice(length: Int(length)) else { return nil }
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        return Frame(type: type, payload: payload)
    }

    private static func longestPayload(ofType type: UInt8) -> Int {
        switch type {
        case AgentMessageType.offer.rawValue, AgentMessageType.data.rawValue, StagingMessageType.repair.rawValue:
            longestBulk
        default: longestControl
        }
    }
}

extension ByteBuffer {
    /// Writes a frame whose payload `body` writes.
    mutating func writeFrame(_ type: UInt8, _ body: (inout ByteBuffer) -> Void) {
        let start = writerIndex
        writeInteger(UInt32(0))
        writeInteger(type)
        body(&self)
        setInteger(UInt32(writerIndex - start - FrameDecoder.headerLength), at: start)
    }
}
