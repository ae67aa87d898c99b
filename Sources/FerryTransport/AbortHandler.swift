internal import NIOCore

/// Closes a connection at once. Sits next to the socket, below TLS, which would first exchange farewells with a peer that
/// answers nothing.
final class AbortHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Closes without a farewell; what was not sent yet is dropped.
    func abort() { context?.close(promise: nil) }
}
