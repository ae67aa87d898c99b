internal import FerryWire
internal import FuzzLoop
internal import NIOCore

/// The input is what a peer sends: a byte that says how the network cuts it, then the stream.
@main struct FuzzFrames {
    static func main() {
        FuzzLoop.run(seeds: FrameSeeds.all) { input in
            guard let cut = input.first else { return }
            let stream = ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: input.dropFirst()))
            let whole = FrameStream.frames(of: stream, inPiecesOf: max(1, stream.readableBytes))
            let pieces = FrameStream.frames(of: stream, inPiecesOf: Int(cut) + 1)
            precondition(whole.elementsEqual(pieces) { $0.type == $1.type && $0.payload == $1.payload })
            for frame in whole { MessageCheck.frame(frame) }
        }
    }
}
