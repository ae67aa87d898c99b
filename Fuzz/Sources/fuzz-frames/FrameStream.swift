internal import NIOCore

@testable internal import FerryWire

/// A stream cut into frames, up to the first that is refused.
enum FrameStream {
    static func frames(of stream: ByteBuffer, inPiecesOf length: Int) -> [Frame] {
        var rest = stream
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        do {
            while var piece = rest.readSlice(length: min(length, rest.readableBytes)), piece.readableBytes > 0 {
                decoder.append(&piece)
                precondition(piece.readableBytes == 0)
                while let frame = try decoder.next() { frames.append(frame) }
                precondition(decoder.pendingBytes < FrameDecoder.headerLength + FrameDecoder.longestBulk)
            }
        } catch {}
        return frames
    }
}
