import Foundation
import NIOCore
import NIOPosix

/// A relay between agent and staging server that can cut, hold or spoil what passes through it.
final class CuttingRelay: Sendable {
    /// Which way bytes go.
    enum Direction: Sendable, CaseIterable {
        /// To the staging server.
        case fromAgent
        /// To the agent.
        case fromStaging
    }

    /// What a relay does to one connection.
    enum Fault: Sendable {
        /// Nothing.
        case none
        /// Resets both sides after so many bytes.
        case resetAfter(Int, Direction = .fromAgent)
        /// Passes nothing on after so many bytes, either way, not even that a side has closed.
        case silenceAfter(Int, Direction = .fromAgent)
        /// Flips a bit of the byte after so many.
        case flipBitAfter(Int, Direction = .fromAgent)
    }

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let passages: NIOLoopBound<Passages>
    let port: Int

    /// Starts a relay to `target` on loopback; `fault` says for each connection, counted from 0, what happens to it.
    init(to target: Int, fault: @escaping @Sendable (Int) -> Fault) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let passages = try await group.next().submit {
            NIOLoopBound(Passages(), eventLoop: group.next())
        }.get()
        self.group = group
        self.passages = passages
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                let fault = fault(passages.value.next())
                let agent = NIOLoopBound(client, eventLoop: client.eventLoop)
                return ClientBootstrap(group: client.eventLoop)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { staging in
                        let passage = RelayPassage(agent: agent.value, staging: staging, fault: fault)
                        passages.value.all.append(passage)
                        try agent.value.pipeline.syncOperations.addHandler(RelayHandler(passage, .fromAgent))
                        try staging.pipeline.syncOperations.addHandler(RelayHandler(passage, .fromStaging))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Passes nothing on any more of what passes through just now.
    func silenceAll() async throws {
        let passages = passages
        try await group.next().submit {
            for passage in passages.value.all { passage.isSilent = true }
        }.get()
    }

    /// Resets everything that passes through just now.
    func resetAll() async throws {
        let passages = passages
        try await group.next().submit {
            for passage in passages.value.all { passage.reset() }
            passages.value.all = []
        }.get()
    }

    /// Stops it, and all that passes through it.
    func close() async throws {
        try await channel.close().get()
        try await group.shutdownGracefully()
    }

    /// The connections so far. Lives on the relay's event loop.
    private final class Passages {
        var all: [RelayPassage] = []
        private var count = 0

        /// The number of the next.
        func next() -> Int {
            defer { count += 1 }
            return count
        }
    }
}
