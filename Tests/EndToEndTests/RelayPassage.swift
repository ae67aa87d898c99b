import NIOCore
import NIOPosix

/// One connection through a relay: both its sides, and what happens to it. Lives on the relay's event loop.
final class RelayPassage {
    private let agent: any Channel
    private let staging: any Channel
    private let fault: CuttingRelay.Fault
    /// Nothing is passed on any more, not even that a side has closed.
    var isSilent = false

    init(agent: any Channel, staging: any Channel, fault: CuttingRelay.Fault) {
        self.agent = agent
        self.staging = staging
        self.fault = fault
    }

    /// Passes on `bytes`, the first of which is number `before` in its direction, or does what the fault says.
    func pass(_ bytes: ByteBuffer, after before: Int, _ direction: CuttingRelay.Direction) {
        guard !isSilent else { return }
        var bytes = bytes
        let passed = before + bytes.readableBytes
        let target = direction == .fromAgent ? staging : agent
        switch fault {
        case .resetAfter(let limit, direction) where passed > limit:
            if let rest = bytes.readSlice(length: max(0, limit - before)) { target.writeAndFlush(rest, promise: nil) }
            return reset()
        case .silenceAfter(let limit, direction) where passed > limit:
            isSilent = true
            return
        case .flipBitAfter(let limit, direction) where before <= limit && passed > limit:
            let place = bytes.readerIndex + limit - before
            if let byte: UInt8 = bytes.getInteger(at: place) { bytes.setInteger(byte ^ 4, at: place) }
        default: break
        }
        target.writeAndFlush(bytes, promise: nil)
    }

    /// One side has closed.
    func closed(_ direction: CuttingRelay.Direction) {
        if !isSilent { (direction == .fromAgent ? staging : agent).close(promise: nil) }
    }

    /// Ends both sides with a reset.
    func reset() {
        let linger = NIOBSDSocket.Option.so_linger
        for channel in [agent, staging] where channel.isActive {
            if let provider = channel as? any SocketOptionProvider {
                _ = provider.unsafeSetSocketOption(
                    level: .socket,
                    name: linger,
                    value: Linger(onOff: 1, seconds: 0)
                )
            }
            channel.close(promise: nil)
        }
    }

    private struct Linger: Sendable {
        var onOff: Int32
        var seconds: Int32
    }
}

/// Hands what comes from one side of a passage to it.
final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let passage: RelayPassage
    private let direction: CuttingRelay.Direction
    private var passed = 0

    init(_ passage: RelayPassage, _ direction: CuttingRelay.Direction) {
        self.passage = passage
        self.direction = direction
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        passage.pass(bytes, after: passed, direction)
        passed += bytes.readableBytes
    }

    func channelInactive(context: ChannelHandlerContext) { passage.closed(direction) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
