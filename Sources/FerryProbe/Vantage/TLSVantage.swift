public import FerryAddress
internal import FerryCore
public import FerryResolver
public import FerryTransport
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A vantage that listens at a port, for operators of the same authority.
public final class TLSVantage: Sendable {
    private let channel: any Channel

    /// Where it listens.
    public var address: String { channel.localAddress.map { "\($0)" } ?? "" }

    /// How long a stranger may take to show a certificate, in seconds.
    private static let handshakeSeconds: Int64 = 10
    /// So many operators may be there, and as many strangers beside them.
    private static let mostConnections = 64
    /// And so many strangers from one address or IPv6 network, so that it does not keep operators from getting in.
    private static let mostStrangersFromOneOrigin = 16

    private init(_ channel: any Channel) { self.channel = channel }

    /// Listens at `endpoint` until `close()`.
    /// - Parameters:
    ///   - endpoint: an address of this host.
    ///   - identity: a vantage's, as `ferry pki issue --vantage` makes it.
    ///   - permit: what it may do.
    ///   - program: the program's version, which it tells.
    /// - Throws: `FerryError` with `ErrorCode.vantageCannotListen` or `ErrorCode.identityUnusable`.
    public static func listen(
        at endpoint: EndpointAddress,
        identity: TLSIdentity,
        permit: VantagePermit,
        resolver: FerryResolver.Resolver,
        program: String
    ) async throws -> TLSVantage {
        guard case .address(let address) = endpoint.host else {
            throw cannotListen(endpoint, "it is a name, and no address of this host")
        }
        guard case .vantage? = identity.role else {
            throw cannotListen(endpoint, "the identity is not a vantage's")
        }
        let reception = Reception(
            context: try identity.vantageContext(),
            permit: permit,
            resolver: resolver,
            program: program
        )
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.socketOption(.so_keepalive), value: 1)
                .childChannelInitializer { reception.receive($0) }
                .bind(to: try SocketAddress(ipAddress: "\(address)", port: Int(endpoint.port))).get()
            return TLSVantage(channel)
        } catch {
            throw cannotListen(endpoint, SocketWords.of(error))
        }
    }

    /// Listens no longer.
    public func close() { channel.close(promise: nil) }

    private static func cannotListen(_ endpoint: EndpointAddress, _ cause: String) -> FerryError {
        FerryError(
            .vantageCannotListen,
            operation: "listen at",
            subject: "tls://\(endpoint)",
            cause: cause,
            advice: "Name an address of this host with a free port, and an identity from \"ferry pki issue --vantage\"."
        )
    }

    /// Whoever connects: a stranger until a certificate was shown, then an operator.
    private struct Reception: Sendable {
        let context: NIOSSLContext
        let permit: VantagePermit
        let resolver: FerryResolver.Resolver
        let program: String
        let strangers = StrangerLimit(
            most: TLSVantage.mostConnections,
            mostFromOneOrigin: TLSVantage.mostStrangersFromOneOrigin
        )
        let operators = Operators()

        func receive(_ channel: any Channel) -> EventLoopFuture<Void> {
            let address = channel.remoteAddress
            guard strangers.admit(address) else {
                permit.note(
                    refused: "\(Reception.peer(channel)): too many that are not known to be operators are there"
                )
                return channel.close()
            }
            return channel.eventLoop.makeCompletedFuture {
                let isOpen = NIOLoopBoundBox(false, eventLoop: channel.eventLoop)
                channel.closeFuture.whenComplete { _ in
                    if isOpen.value { operators.leave() } else { strangers.leave(address) }
                }
                try add(to: channel, from: address, isOpen)
            }
        }

        private static func peer(_ channel: any Channel) -> String {
            channel.remoteAddress.map(\.endpoint) ?? "somebody who is gone"
        }

        /// - Parameter isOpen: becomes true once it is an operator's.
        private func add(to channel: any Channel, from address: SocketAddress?, _ isOpen: NIOLoopBoundBox<Bool>) throws
        {
            let peer = Reception.peer(channel)
            let session = VantageSession(permit: permit, resolver: resolver, peer: peer) { channel.sendLine($0) }
            let handler = VantageLineHandler(
                opened: { _, role in
                    guard case .operator? = role else { return "its certificate is of another role" }
                    guard operators.enter() else {
                        return "\(TLSVantage.mostConnections) operators are there already, and no more are served"
                    }
                    strangers.leave(address)
                    isOpen.value = true
                    session.greet(program: program)
                    return nil
                },
                line: { session.receive($0) },
                ended: { why, _ in
                    if !isOpen.value { permit.note(refused: "\(peer): \(why)") }
                    session.end()
                }
            )
            // Questions are read no faster than the peer takes the answers, which would fill the memory.
            try channel.pipeline.syncOperations.addHandlers(
                NIOSSLServerHandler(context: context),
                BackPressureHandler(),
                handler
            )
            channel.eventLoop.scheduleTask(in: .seconds(TLSVantage.handshakeSeconds)) {
                if !isOpen.value { channel.close(promise: nil) }
            }
        }
    }

    /// How many are there.
    private final class Operators: Sendable {
        private let count = Mutex(0)

        func enter() -> Bool {
            count.withLock { count in
                guard count < TLSVantage.mostConnections else { return false }
                count += 1
                return true
            }
        }

        func leave() { count.withLock { $0 -= 1 } }
    }
}
