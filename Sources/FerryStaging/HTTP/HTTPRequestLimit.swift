internal import FerryCore
internal import NIOCore

/// Counts the bytes of each request before anything is made of them, and passes on no more than one may have.
final class HTTPRequestLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The most bytes of a request besides a body that is thrown away: nothing that can be asked here needs more.
    static let longest = 8192

    private var count = 0
    private var most = HTTPRequestLimit.longest

    /// Whether a request has begun to arrive.
    var isInRequest: Bool { count > 0 }

    /// The request that is arriving has a body of `length` bytes that shall pass.
    func bodyFollows(_ length: Int) { most = HTTPRequestLimit.longest + length }

    /// The request has arrived; what follows belongs to the next.
    func requestEnded() {
        count = 0
        most = HTTPRequestLimit.longest
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard count <= most else { return }
        count += unwrapInboundIn(data).readableBytes
        if count > most {
            context.fireErrorCaught(FerryError.httpTooLong)
        } else {
            context.fireChannelRead(data)
        }
    }
}
