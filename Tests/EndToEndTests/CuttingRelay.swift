import Foundation
import NIOCore
import NIOPosix

/// A relay between agent and staging server that can cut, hold or spoil what passes through it.
final class CuttingRelay: Sendable {
    /// What a relay does to one connection.
    enum Fault: Sendable {
        /// Nothing.
        case none
        /// Resets both sides after so many bytes from the agent.
        case resetAfter(Int)
        /// Passes nothing on after so many bytes from the agent, and says nothing.
        case silenceAfter(Int)
        /// Flips a bit of the byte after so many from the agent.
        case flipBitAfter(Int)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    let port: Int

    /// Starts a relay to `target` on loopback; `fault` says for each connection, counted from 0, what happens to it.
    init(to target: Int, fault: @escaping @Sendable (Int) -> Fault) async throws {
        let count = Counter()
        let group = group
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                let fault = fault(count.next())
                return ClientBootstrap(group: client.eventLoop)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMap { server in
                        let client = NIOLoopBound(client, eventLoop: client.eventLoop)
                        return client.value.eventLoop.makeCompletedFuture {
                            try client.value.pipeline.syncOperations.addHandler(
                                Glue(partner: server, fault: fault)
                            )
                            try server.pipeline.syncOperations.addHandler(
                                Glue(partner: client.value, fault: .none)
                            )
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Stops it, and all that passes through it.
    func close() async throws {
        try await channel.close().get()
        try await group.shutdownGracefully()
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var value = -1
        func next() -> Int {
            lock.withLock {
                value += 1
                return value
            }
        }
    }

    private final class Glue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let partner: any Channel
        private let fault: Fault
        private var passed = 0

        init(partner: any Channel, fault: Fault) {
            self.partner = partner
            self.fault = fault
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            let before = passed
            passed += bytes.readableBytes
            switch fault {
            case .none: break
            case .resetAfter(let limit) where passed > limit:
                let linger = NIOBSDSocket.Option.so_linger
                for channel in [context.channel, partner] {
                    if let provider = channel as? any SocketOptionProvider {
                        _ = provider.unsafeSetSocketOption(
                            level: .socket,
                            name: linger,
                            value: Linger(onOff: 1, seconds: 0)
                        )
                    }
                }
                if let rest = bytes.readSlice(length: max(0, limit - before)) { partner.write(rest, promise: nil) }
                partner.close(promise: nil)
                return context.close(promise: nil)
            case .silenceAfter(let limit) where passed > limit: return
            case .flipBitAfter(let limit) where before <= limit && passed > limit:
                let place = bytes.readerIndex + limit - before
                if let byte: UInt8 = bytes.getInteger(at: place) { bytes.setInteger(byte ^ 4, at: place) }
            default: break
            }
            partner.writeAndFlush(bytes, promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { partner.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            partner.close(promise: nil)
            context.close(promise: nil)
        }
    }

    private struct Linger: Sendable {
        var onOff: Int32
        var seconds: Int32
    }
}
