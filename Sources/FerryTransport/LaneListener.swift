public import NIOCore
public import NIOPosix
public import NIOSSL

/// Accepts lanes from agents.
public struct LaneListener: Sendable {
    private let channel: any Channel

    /// The address and port listened on.
    public var address: String { channel.localAddress.map(Lane.text) ?? "" }

    /// How long a stranger may take to show that it speaks TLS.
    public static let handshakeTimeout = TimeAmount.seconds(10)

    /// Listens on `address`. `accepted` is called on the event loop of each new lane, before anything arrives on it,
    /// and gives the lane's callbacks.
    /// - Throws: the socket's error if the address cannot be bound.
    public static func listen(
        on address: SocketAddress,
        group: MultiThreadedEventLoopGroup,
        context: NIOSSLContext,
        accepted: @escaping @Sendable (any EventLoop) -> Lane.Callbacks
    ) async throws -> LaneListener {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65536, maximum: 262_144)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let lane = Lane(
                        channel: channel,
                        openedAt: .now(),
                        callbacks: accepted(channel.eventLoop)
                    )
                    let pipeline = channel.pipeline.syncOperations
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
