internal import FerryCore
internal import FerryWire
internal import NIOCore

/// Turns a lane's bytes into frames, and refuses what is no frame.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Frame

    private var decoder = FrameDecoder()
    private let lane: Lane

    init(lane: Lane) { self.lane = lane }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        // A long frame on a slow link takes its time: every byte of it is a sign of life.
        lane.lastHeardAt = .now()
        decoder.append(&bytes)
        do {
            while let frame = try decoder.next() { context.fireChannelRead(wrapInboundOut(frame)) }
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
