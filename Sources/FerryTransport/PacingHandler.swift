internal import NIOCore

/// Holds back what a lane writes until its rate budget allows it. Sits between TLS and the socket, so that it counts
/// what really goes out.
final class PacingHandler: ChannelOutboundHandler, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let budget: WireBudget
    private var queue = CircularBuffer<(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)>()
    private var timer: Scheduled<Void>?

    init(budget: WireBudget) { self.budget = budget }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        queue.append((unwrapOutboundIn(data), promise))
    }

    func flush(context: ChannelHandlerContext) {
        if timer == nil { drain(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input { stop() }
        context.close(mode: mode, promise: promise)
    }

    private func stop() {
        timer?.cancel()
        timer = nil
        while let (_, promise) = queue.popFirst() { promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    private func drain(_ context: ChannelHandlerContext) {
        var allowance = budget.allowance(at: .now())
        var hasWritten = false
        while var (bytes, promise) = queue.first, allowance >= min(budget.quantum, bytes.readableBytes) {
            if bytes.readableBytes <= allowance {
                queue.removeFirst()
            } else if let part = bytes.readSlice(length: allowance) {
                queue[queue.startIndex].bytes = bytes
                bytes = part
                promise = nil
            }
            allowance -= bytes.readableBytes
            budget.spend(bytes.readableBytes)
            context.write(wrapOutboundOut(bytes), promise: promise)
            hasWritten = true
        }
        if hasWritten { context.flush() }
        guard let next = queue.first else { return }
        let delay = budget.delay(for: min(budget.quantum, next.bytes.readableBytes))
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.timer = nil
            self.drain(context)
        }
    }
}
