internal import FerryAddress
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

    /// A result and no typed throw: of those, an asynchronous function that returns small values has been seen to hand back
    /// others (Swift 6.3.1).
    static func open(
        _ endpoint: EndpointAddress,
        identity: String?,
        within seconds: Double,
        _ connection: VantageConnection
    ) async -> Result<TLSVantageLink, FerryError> {
        guard let identity else {
            return .failure(unreachable(endpoint, "no identity was given to show there", "Give --identity DIR."))
        }
        let context: NIOSSLContext
        do throws(FerryError) {
            context = try TLSIdentity(directory: identity).operatorContext()
        } catch {
            return .failure(error)
        }
        switch await place(endpoint, within: seconds) {
        case .failure(let error): return .failure(error)
        case .success(let place):
            do {
                return .success(TLSVantageLink(try await channel(to: place, context, within: seconds, connection)))
            } catch {
                let advice = "Look there whether \"ferry-agent vantage\" runs, and what it says."
                return .failure(unreachable(endpoint, SocketWords.of(error), advice))
            }
        }
    }

    private static func channel(
        to place: IPEndpoint,
        _ context: NIOSSLContext,
        within seconds: Double,
        _ connection: VantageConnection
    ) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(Int64(seconds * 1000)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = VantageLineHandler(
                        opened: { _, role in
                            if case .vantage? = role { nil } else { "its certificate is of another role" }
                        },
                        line: { connection.receive($0) },
                        ended: { connection.lose($0, isOurs: $1) }
                    )
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: context, serverHostname: nil),
                        handler
                    )
                }
            }
            .connect(to: try SocketAddress(ipAddress: "\(place.address)", port: Int(place.port))).get()
    }

    func send(_ line: String) { channel.sendLine(line) }
    func close() { channel.close(promise: nil) }

    private static func place(
        _ endpoint: EndpointAddress,
        within seconds: Double
    ) async -> Result<IPEndpoint, FerryError> {
        let found = await ProbeThread.result { () -> Result<IPEndpoint, FerryError> in
            do throws(FerryError) {
                let resolver = FerryResolver.Resolver(.ofThisServer())
                let places = try resolver.endpoints(of: endpoint, within: .milliseconds(Int(seconds * 1000)))
                return .success(places[0])
            } catch {
                return .failure(error)
            }
        }
        return found
            ?? .failure(unreachable(endpoint, "no thread could be started", "Let this host have more threads."))
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
