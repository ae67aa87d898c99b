internal import FerryCore
internal import FerryTransport
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers those who look after the server: health, metrics, volumes and sessions, over HTTP without TLS.
///
/// It lives on the event loop of the lanes and takes little of it: what a request needs of the sessions is copied, and
/// everything else, the index and the disk above all, is looked at on a thread of its own. Bodies that are thrown away
/// are read there, too, in small pieces and no more of them than `DiscardingAllowance` says.
struct HTTPService: Sendable {
    /// So many connections are kept; more are turned away.
    static let mostConnections = 256
    /// How long a client may take for a request, or for taking its answer.
    static let patience = TimeAmount.seconds(30)
    /// How long a body may take that is thrown away: a few mebibytes have to come over a line of 1 Mbit/s.
    static let bodyPatience = TimeAmount.seconds(120)

    private let channel: any Channel
    private let looking: NIOThreadPool

    /// The address and port listened on.
    var address: String { channel.localAddress?.endpoint ?? "" }

    /// Listens on `address`, on the event loop of `core`.
    /// - Throws: the socket's error if the address cannot be bound.
    static func listen(
        on address: SocketAddress,
        group: MultiThreadedEventLoopGroup,
        core: NIOLoopBound<StagingCore>,
        report: StatusReport,
        patience: TimeAmount = HTTPService.patience,
        bodyPatience: TimeAmount = HTTPService.bodyPatience
    ) async throws -> HTTPService {
        let looking = NIOThreadPool(numberOfThreads: 1)
        looking.start()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let core = core.value
                    guard core.httpConnections < mostConnections else { return try pipeline.addHandler(HTTPRefusal()) }
                    core.httpConnections += 1
                    let bound = NIOLoopBound(core, eventLoop: core.eventLoop)
                    channel.closeFuture.whenComplete { _ in bound.value.httpConnections -= 1 }
                    let limit = HTTPRequestLimit()
                    try pipeline.addHandlers(
                        limit,
                        ByteToMessageHandler(HTTPRequestDecoder()),
                        HTTPConnection(
                            limit: limit,
                            patience: patience,
                            receive: { HTTPRequest($0, core: core, patience: bodyPatience) },
                            answer: { answer($0, core: core, report: report, looking: looking) }
                        )
                    )
                }
            }
            .bind(to: address).get()
        return HTTPService(channel: channel, looking: looking)
    }

    private static func answer(
        _ request: HTTPRequest,
        core: StagingCore,
        report: StatusReport,
        looking: NIOThreadPool
    ) -> EventLoopFuture<HTTPAnswer> {
        if let answer = request.answerOfItself { return core.eventLoop.makeSucceededFuture(answer) }
        let target = request.head.uri
        guard let route = StatusRoute(target: target) else {
            return core.eventLoop.makeSucceededFuture(HTTPAnswer(.notFound, .httpUnknownPath(target)))
        }
        let sessions = route.isAboutSessions ? core.sessionsSnapshot() : SessionsSnapshot()
        return looking.runIfActive(eventLoop: core.eventLoop) { report.answer(route, sessions) }
    }

    /// Stops answering.
    func close() async throws {
        try await channel.close().get()
        try await looking.shutdownGracefully()
    }
}
