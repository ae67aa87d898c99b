internal import CFerryLinux
public import FerryCore
public import FerryWire
internal import Glibc
public import NIOCore
internal import NIOSSL
internal import NIOTLS

/// One TLS connection that carries frames. Lives on its channel's event loop: every member is used there alone.
public final class Lane {
    /// What a lane tells its owner, on the event loop.
    public struct Callbacks {
        /// TLS is up; the peer's role, if its certificate gives one.
        public var onOpen: (Lane, PeerRole?) -> Void
        /// A frame arrived.
        public var onFrame: (Lane, Frame) -> Void
        /// Some of what was sent has left; `outstanding` is smaller.
        public var onDrain: (Lane) -> Void
        /// The connection is over. Called once, last.
        public var onEnd: (LaneEnd) -> Void

        /// The callbacks of a lane.
        public init(
            onOpen: @escaping (Lane, PeerRole?) -> Void,
            onFrame: @escaping (Lane, Frame) -> Void,
            onDrain: @escaping (Lane) -> Void,
            onEnd: @escaping (LaneEnd) -> Void
        ) {
            self.onOpen = onOpen
            self.onFrame = onFrame
            self.onDrain = onDrain
            self.onEnd = onEnd
        }
    }

    /// The connection.
    public let channel: any Channel
    /// Bytes given to `send` that have not yet left for the socket.
    public private(set) var outstanding = 0
    /// How far the connection has come; the owner moves it on from `hello` to `transfer`.
    public var phase: LaneEnd.Phase = .tls
    /// When the last byte arrived.
    public internal(set) var lastHeardAt: NIODeadline = .now()
    /// Bytes of frames that arrived.
    public internal(set) var bytesReceived = ByteCount.zero
    /// Bytes of frames that were sent.
    public private(set) var bytesSent = ByteCount.zero
    /// The peer's address and port.
    public var peer: String { channel.remoteAddress.map(\.endpoint) ?? "an unknown address" }
    /// This side's address and port.
    public var local: String { channel.localAddress.map(\.endpoint) ?? "" }

    /// When the connection was begun.
    public let openedAt: NIODeadline

    let callbacks: Callbacks
    let abortHandler = AbortHandler()
    var failure: FerryError?
    var errorNumber: Int32?
    var closer: LaneEnd.Closer?
    /// The kernel's last word on the connection.
    public private(set) var sample: TCPSample?
    /// Of the time in which something was to be sent, the share in which the peer took nothing: 0 ... 1, smoothed over some
    /// samples.
    public private(set) var receiverLimitedShare = 0.0
    private var hasEnded = false
    /// Whether this side has closed the connection, though its end may still be on its way.
    var isClosing = false
    /// Whether something can still be said and heard.
    public var isUsable: Bool { channel.isActive && !isClosing }

    init(channel: any Channel, openedAt: NIODeadline, callbacks: Callbacks) {
        self.channel = channel
        self.openedAt = openedAt
        self.callbacks = callbacks
    }

    /// Sends whole frames.
    public func send(_ frames: ByteBuffer) {
        let length = frames.readableBytes
        outstanding += length
        bytesSent += ByteCount(length)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.writeAndFlush(frames).whenComplete { _ in
            bound.value.outstanding -= length
            bound.value.callbacks.onDrain(bound.value)
        }
    }

    /// Sends a message.
    public func send(_ message: AgentMessage) {
        var buffer = channel.allocator.buffer(capacity: 256)
        message.write(to: &buffer)
        send(buffer)
    }

    /// Sends a message.
    public func send(_ message: StagingMessage) {
        var buffer = channel.allocator.buffer(capacity: 256)
        message.write(to: &buffer)
        send(buffer)
    }

    /// Closes the connection after what was sent; `error` is why, nil for a farewell.
    public func close(_ error: FerryError? = nil, closedBy: LaneEnd.Closer = .us) {
        guard channel.isActive else { return }
        isClosing = true
        if failure == nil { failure = error }
        if closer == nil { closer = closedBy }
        if closedBy == .nobody {
            // Nobody answers: waiting for a close_notify would be waiting for nobody.
            abortHandler.abort()
        } else {
            channel.close(promise: nil)
        }
    }

    /// Asks the kernel how the connection does, for when it dies.
    public func sampleTCP() {
        guard channel.isActive, let provider = channel as? any SocketOptionProvider else { return }
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let answer: EventLoopFuture<ferry_tcp_info> = provider.unsafeGetSocketOption(level: .tcp, name: .tcp_info)
        answer.whenSuccess { bound.value.note(TCPSample($0)) }
    }

    private func note(_ new: TCPSample) {
        if let sample, new.busyTime > sample.busyTime {
            let limited = new.receiverLimitedTime &- sample.receiverLimitedTime
            let share = Double(limited) / Double(new.busyTime - sample.busyTime)
            receiverLimitedShare += (share - receiverLimitedShare) * 0.3
        }
        sample = new
    }

    func received(_ frame: Frame) {
        bytesReceived += ByteCount(FrameDecoder.headerLength + frame.payload.readableBytes)
        // TLS goes on decoding until the peer has said farewell: what comes after ours is heard by nobody.
        if !isClosing { callbacks.onFrame(self, frame) }
    }

    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        callbacks.onEnd(summary(closer: closer ?? .peer))
    }

    private func summary(closer: LaneEnd.Closer) -> LaneEnd {
        let now = NIODeadline.now()
        let age = Double((now - openedAt).nanoseconds) / 1e9
        return LaneEnd(
            phase: phase,
            outcome: LaneEnd.outcome(phase: phase, errorNumber: errorNumber, closedBy: closer, age: age),
            errorNumber: errorNumber,
            bytesSent: bytesSent,
            bytesReceived: bytesReceived,
            ageSeconds: age,
            idleSeconds: Double((now - lastHeardAt).nanoseconds) / 1e9,
            closedBy: closer,
            source: local,
            destination: peer,
            tcp: sample,
            error: failure
        )
    }
}

/// Carries a channel's events to its lane.
final class LaneHandler: ChannelInboundHandler {
    typealias InboundIn = Frame

    private let lane: Lane
    init(lane: Lane) { self.lane = lane }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            lane.phase = .hello
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            lane.callbacks.onOpen(lane, certificate.flatMap(PeerRole.init))
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { lane.received(unwrapInboundIn(data)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        if lane.failure == nil {
            lane.failure = LaneFailure.explain(
                error,
                peer: lane.peer,
                phase: lane.phase,
                certificate: certificate
            )
        }
        if let error = error as? IOError {
            lane.errorNumber = error.errnoCode
            if lane.closer == nil { lane.closer = error.errnoCode == ETIMEDOUT ? .nobody : .peer }
        }
        if lane.closer == nil, error is FerryError || lane.failure?.code == .tlsPeerRefused { lane.closer = .us }
        lane.isClosing = true
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lane.end()
        context.fireChannelInactive()
    }
}
