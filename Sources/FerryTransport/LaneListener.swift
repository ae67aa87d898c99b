public import NIOCore
public import NIOPosix
public import NIOSSL

/// Accepts lanes from agents.
public struct LaneListener: Sendable {
    private let channel: any Channel

    /// The address and port listened on.
    public var address: String { channel.localAddress.map(\.endpoint) ?? "" }

    /// How long a stranger may take to show that it speaks TLS.
    public static let handshakeTimeout = TimeAmount.seconds(10)

    /// Listens on `address`. There may be so many connections that have not shown a certificate, in all and from one
    /// address or IPv6 network, and those beyond are closed at once; `turnedAway` hears how many, once a second at the most. `accepted` is called on the event loop of each new lane, before anything arrives on it,
    /// and gives the lane's callbacks.
    /// - Throws: the socket's error if the address cannot be bound.
    public static func listen(
        on address: SocketAddress,
        group: MultiThreadedEventLoopGroup,
        context: NIOSSLContext,
        turnedAway: (@Sendable (Int) -> Void)? = nil,
        accepted: @escaping @Sendable (any EventLoop) -> Lane.Callbacks
    ) async throws -> LaneListener {
        let strangers = StrangerLimit()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65536, maximum: 262_144)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let address = channel.remoteAddress
                    guard strangers.admit(address) else {
                        if strangers.turnAway() {
                            channel.eventLoop.scheduleTask(in: .seconds(1)) { turnedAway?(strangers.takeTurnedAway()) }
                        }
                        return try pipeline.addHandler(TurnedAwayHandler())
                    }
                    let isStranger = NIOLoopBoundBox(true, eventLoop: channel.eventLoop)
                    let leave: @Sendable () -> Void = {
                        guard isStranger.value else { return }
                        isStranger.value = false
                        strangers.leave(address)
                    }
                    channel.closeFuture.whenComplete { _ in leave() }
                    var callbacks = accepted(channel.eventLoop)
                    let opened = callbacks.onOpen
                    callbacks.onOpen = { lane, role in
                        leave()
                        opened(lane, role)
                    }
                    let lane = Lane(channel: channel, openedAt: .now(), callbacks: callbacks)
                    try pipeline.addHandlers(
                        lane.abortHandler,
                        NIOSSLServerHandler(context: context),
                        FrameHandler(lane: lane),
                        LaneHandler(lane: lane)
                    )
                    let bound = NIOLoopBound(lane, eventLoop: channel.eventLoop)
                    channel.eventLoop.scheduleTask(in: handshakeTimeout) {
                        if bound.value.phase == .tls { bound.value.close(closedBy: .nobody) }
                    }
                }
            }
            .bind(to: address).get()
        return LaneListener(channel: channel)
    }

    /// Stops accepting.
    public func close() async throws { try await channel.close().get() }
}
