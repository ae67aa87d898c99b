internal import FerryCore
internal import Glibc
public import NIOCore
public import NIOPosix
public import NIOSSL

/// Opens lanes to staging servers.
public struct LaneDialer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let context: NIOSSLContext
    /// How long a TCP handshake may take: three retransmitted SYNs.
    public static let connectTimeout = TimeAmount.seconds(8)

    /// A dialer that shows the identity of `context` on the event loops of `group`.
    public init(group: MultiThreadedEventLoopGroup, context: NIOSSLContext) {
        self.group = group
        self.context = context
    }

    /// Opens a lane to `address`; `callbacks` tell of all that follows, also of a failure.
    /// - Parameters:
    ///   - address: the endpoint's address and port.
    ///   - local: the address to call from; nil leaves it to the kernel.
    ///   - budget: the rate budget that the lane shares.
    ///   - eventLoop: where the lane lives; call on it.
    public func dial(
        _ address: SocketAddress,
        from local: SocketAddress?,
        budget: WireBudget?,
        on eventLoop: any EventLoop,
        callbacks: Lane.Callbacks
    ) {
        eventLoop.preconditionInEventLoop()
        let openedAt = NIODeadline.now()
        let lane = NIOLoopBoundBox<Lane?>(nil, eventLoop: eventLoop)
        var callbacks = callbacks
        let opened = callbacks.onOpen
        callbacks.onOpen = { lane, role in
            guard case .staging? = role else { return lane.close(LaneDialer.noStagingServer(lane.peer)) }
            opened(lane, role)
        }
        let bound = NIOLoopBound((callbacks: callbacks, budget: budget), eventLoop: eventLoop)
        let context = self.context
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(LaneDialer.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let new = Lane(channel: channel, openedAt: openedAt, callbacks: bound.value.callbacks)
                    lane.value = new
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(new.abortHandler)
                    if let budget = bound.value.budget { try pipeline.addHandler(PacingHandler(budget: budget)) }
                    try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                    try pipeline.addHandlers(FrameHandler(lane: new), LaneHandler(lane: new))
                    let watched = NIOLoopBound(new, eventLoop: channel.eventLoop)
                    channel.eventLoop.scheduleTask(in: LaneDialer.connectTimeout + LaneListener.handshakeTimeout) {
                        guard watched.value.phase == .tls else { return }
                        watched.value.close(LaneFailure.silentHandshake(watched.value.peer), closedBy: .nobody)
                    }
                }
            }
        if let rate = budget?.rate {
            bootstrap = bootstrap.channelOption(
                .socketOption(LaneDialer.maximumPacingRate),
                value: Int(clamping: Int64(rate.bytesPerSecond))
            )
        }
        if let local { bootstrap = bootstrap.bind(to: local) }
        bootstrap.connect(to: address).whenFailure { error in
            let text = address.endpoint
            let number = (error as? IOError)?.errnoCode
            let age = Double((NIODeadline.now() - openedAt).nanoseconds) / 1e9
            if let lane = lane.value, lane.channel.isActive { return lane.end() }
            let end = LaneEnd(
                phase: .connect,
                outcome: LaneEnd.outcome(phase: .connect, errorNumber: number, closedBy: .nobody, age: age),
                errorNumber: number,
                bytesSent: .zero,
                bytesReceived: .zero,
                ageSeconds: age,
                idleSeconds: age,
                closedBy: number == ECONNREFUSED ? .peer : .nobody,
                source: local.map(\.endpoint) ?? "",
                destination: text,
                tcp: nil,
                error: LaneFailure.explain(error, peer: text, phase: .connect, certificate: nil)
            )
            bound.value.callbacks.onEnd(end)
        }
    }

    /// Others of the authority show server certificates too, and may not be given a disk's content.
    private static func noStagingServer(_ peer: String) -> FerryError {
        FerryError(
            .tlsPeerRefused,
            operation: "trust",
            subject: peer,
            cause: "its certificate is not a staging server's",
            advice:
                "Check the address and the port; issue the staging server's identity with \"ferry pki issue --staging\"."
        )
    }

    /// `SO_MAX_PACING_RATE`: the kernel spaces the packets, so that what waits in its buffer leaves no burst.
    private static let maximumPacingRate = NIOBSDSocket.Option(rawValue: 47)
}
