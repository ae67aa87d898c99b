internal import FerryImage
internal import FerryWire
internal import NIOCore

/// What must be true of every message that is accepted: there is one way to write it.
enum MessageCheck {
    static func frame(_ frame: Frame) {
        let original = bytes(of: frame)
        if let message = try? AgentMessage(frame) {
            limits(message)
            let written = encoded(message)
            expect(written, isLike: original, of: frame) { encoded(try AgentMessage($0)) }
        }
        if let message = try? StagingMessage(frame) {
            limits(message)
            let written = encoded(message)
            expect(written, isLike: original, of: frame) { encoded(try StagingMessage($0)) }
        }
    }

    /// Times that no calendar has are taken for the nearest that it has, so only what was written then is final.
    private static func expect(
        _ written: ByteBuffer,
        isLike original: ByteBuffer,
        of frame: Frame,
        _ again: (Frame) throws -> ByteBuffer
    ) {
        if written == original { return }
        precondition(hasTime(frame) && written.readableBytes == original.readableBytes)
        var copy = frame
        copy.payload =
            written.getSlice(at: FrameDecoder.headerLength, length: frame.payload.readableBytes) ?? copy.payload
        precondition((try? again(copy)) == written)
    }

    /// HELLO, END-PASS, WELCOME and MEASURED.
    private static func hasTime(_ frame: Frame) -> Bool { [0x01, 0x05, 0x81, 0x8A].contains(frame.type) }

    private static func limits(_ message: AgentMessage) {
        switch message {
        case .offer(let offer):
            for region in offer.regions {
                precondition(region.runs.reduce(0) { $0 + $1.blocks } <= ImageLayout.regionBlocks)
            }
        case .data(let part): precondition(part.unpackedLength <= UInt32(DataPart.longestContent))
        case .measure(let measure): precondition(measure.filler.readableBytes <= Measure.longestFiller)
        default: break
        }
    }

    private static func limits(_ message: StagingMessage) {
        if case .repair(_, _, let regions) = message { precondition(regions.count <= StagingMessage.mostRepairs) }
    }

    private static func bytes(of frame: Frame) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(frame.payload.readableBytes))
        buffer.writeInteger(frame.type)
        buffer.writeImmutableBuffer(frame.payload)
        return buffer
    }

    private static func encoded(_ message: AgentMessage) -> ByteBuffer {
        var buffer = ByteBuffer()
        message.write(to: &buffer)
        return buffer
    }

    private static func encoded(_ message: StagingMessage) -> ByteBuffer {
        var buffer = ByteBuffer()
        message.write(to: &buffer)
        return buffer
    }
}
