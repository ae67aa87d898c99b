internal import FerryCore
internal import NIOCore

/// Counts the bytes of each request before anything is made of them, and passes on no more than one may have.
final class HTTPRequestLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The most bytes of a request, all of it: nothing that can be asked here needs more.
    static let longest = 8192

    private var count = 0

    /// Whether a request has begun to arrive.
    var isInRequest: Bool { count > 0 }

    /// The request has arrived; what follows belongs to the next.
    func requestEnded() { count = 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard count <= HTTPRequestLimit.longest else { return }
        count += unwrapInboundIn(data).readableBytes
        if count > HTTPRequestLimit.longest {
            context.fireErrorCaught(FerryError.httpTooLong)
        } else {
            context.fireChannelRead(data)
        }
    }
}
