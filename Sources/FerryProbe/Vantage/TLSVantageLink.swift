internal import FerryCore
internal import FerryResolver
internal import FerryTransport
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A link to a vantage's port.
final class TLSVantageLink: VantageLink {
    private let channel: any Channel

    private init(_ channel: any Channel) { self.channel = channel }

    static func open(
        _ endpoint: EndpointAddress,
        identity: String?,
        within seconds: Double,
        _ connection: VantageConnection
    ) async throws(FerryError) -> TLSVantageLink {
        guard let identity else {
            throw unreachable(endpoint, "no identity was given to show there", "Give --identity DIR.")
        }
        let context = try TLSIdentity(directory: identity).operatorContext()
        let place = try await place(endpoint, within: seconds)
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.milliseconds(Int64(seconds * 1000)))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = VantageLineHandler(
                            opened: { _, role in if case .vantage? = role { true } else { false } },
                            line: { connection.receive($0) },
                            ended: { connection.lose($0) }
                        )
                        try channel.pipeline.syncOperations.addHandlers(
                            NIOSSLClientHandler(context: context, serverHostname: nil),
                            handler
                        )
                    }
                }
                .connect(to: try SocketAddress(ipAddress: "\(place.address)", port: Int(place.port))).get()
            return TLSVantageLink(channel)
        } catch {
            throw unreachable(
                endpoint,
                "\(error)",
                "Look there whether \"ferry-agent vantage\" runs, and what it says."
            )
        }
    }

    func send(_ line: String) { channel.sendLine(line) }
    func close() { channel.close(promise: nil) }

    private static func place(
        _ endpoint: EndpointAddress,
        within seconds: Double
    ) async throws(FerryError) -> IPEndpoint {
        let found = await ProbeThread.result { () -> Result<[IPEndpoint], FerryError> in
            do throws(FerryError) {
                let resolver = Resolver(.ofThisServer())
                return .success(try resolver.endpoints(of: endpoint, within: .milliseconds(Int(seconds * 1000))))
            } catch {
                return .failure(error)
            }
        }
        guard let first = try found?.get().first else {
            throw unreachable(endpoint, "no thread could be started", "Let this host have more threads.")
        }
        return first
    }

    private static func unreachable(_ endpoint: EndpointAddress, _ cause: String, _ advice: String) -> FerryError {
        FerryError(
            .vantageUnreachable,
            operation: "reach the vantage",
            subject: "tls://\(endpoint)",
            cause: cause,
            advice: advice,
            retry: .later
        )
    }
}
