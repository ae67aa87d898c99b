internal import FerryCore
internal import FerryTransport
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Lines of a vantage's protocol over TLS: looks at who the peer is, then hands lines on.
final class VantageLineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var assembly = LineAssembly()
    private var isOpen = false
    private let opened: (any Channel, PeerRole?) -> String?
    private let line: ([UInt8]) -> Bool
    private let ended: (String, Bool) -> Void
    private var cause: String?
    /// Whether this side has ended it.
    private var isOurs = false

    /// - Parameters:
    ///   - opened: is told the peer's role; says why it will not do, or nil.
    ///   - line: is given each line; says whether more may come.
    ///   - ended: is told why there will be no more, and whether that was decided here.
    init(
        opened: @escaping (any Channel, PeerRole?) -> String?,
        line: @escaping ([UInt8]) -> Bool,
        ended: @escaping (String, Bool) -> Void
    ) {
        self.opened = opened
        self.line = line
        self.ended = ended
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            cause = opened(context.channel, certificate.flatMap(PeerRole.init))
            isOpen = cause == nil
            isOurs = !isOpen
            if !isOpen { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isOpen else { return }
        guard let lines = assembly.lines(unwrapInboundIn(data).readableBytesView) else {
            (cause, isOurs) = ("it sends a line that is too long", true)
            return context.close(promise: nil)
        }
        for one in lines where isOpen && !line(one) {
            isOpen = false
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if cause == nil {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            let peer = context.channel.remoteAddress.map { "\($0)" } ?? "the peer"
            cause =
                TLSFailure.explain(error, peer: peer, certificate: certificate)?.cause
                ?? "the connection has ended: \(error)"
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended(cause ?? "it has closed the connection", isOurs)
        context.fireChannelInactive()
    }
}

extension Channel {
    /// Sends a line; may be called from any thread.
    func sendLine(_ text: String) {
        var buffer = allocator.buffer(capacity: text.utf8.count + 1)
        buffer.writeString(text)
        buffer.writeInteger(UInt8(ascii: "\n"))
        writeAndFlush(buffer, promise: nil)
    }
}
