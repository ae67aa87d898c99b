import FerryCore
import FerryTransport
import FerryWire
import NIOCore
import NIOPosix
import Testing

/// An agent that says what the test wants it to say.
final class TestAgent: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let lane: NIOLoopBound<Lane>
    private let answers: AsyncStream<StagingMessage>

    /// Connects to the lanes' port of this machine.
    init(port: Int, identity: TLSIdentity) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let dialer = LaneDialer(group: group, context: try identity.agentContext())
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let (answers, continuation) = AsyncStream.makeStream(of: StagingMessage.self)
        let opened = eventLoop.makePromise(of: NIOLoopBound<Lane>.self)
        try await eventLoop.submit {
            dialer.dial(
                address,
                from: nil,
                budget: nil,
                on: eventLoop,
                callbacks: Lane.Callbacks(
                    onOpen: { lane, _ in opened.succeed(NIOLoopBound(lane, eventLoop: eventLoop)) },
                    onFrame: { _, frame in
                        if let message = try? StagingMessage(frame) { continuation.yield(message) }
                    },
                    onDrain: { _ in },
                    onEnd: { end in
                        continuation.finish()
                        opened.fail(
                            end.error
                                ?? FerryError(
                                    .laneEnded,
                                    operation: "test",
                                    subject: "the server",
                                    cause: "it hung up",
                                    advice: ""
                                )
                        )
                    }
                )
            )
        }.get()
        self.group = group
        self.answers = answers
        lane = try await opened.futureResult.get()
    }

    /// Says `message`.
    func say(_ message: AgentMessage) async throws {
        let lane = lane
        try await group.next().submit { lane.value.send(message) }.get()
    }

    /// Says all of `messages` at once, so that the server reads them together.
    func say(atOnce messages: [AgentMessage]) async throws {
        let lane = lane
        try await group.next().submit {
            var frames = ByteBuffer()
            for message in messages { message.write(to: &frames) }
            lane.value.send(frames)
        }.get()
    }

    /// The next answer; nil if the server has closed the lane.
    func hear() async -> StagingMessage? {
        var iterator = answers.makeAsyncIterator()
        return await iterator.next()
    }

    /// Says hello for `job` and is welcome.
    func greet(_ job: String) async throws {
        try await say(
            .hello(Hello(job: job, epoch: 7, lane: 1, liveLanes: [1], release: "9.9", clock: .now()))
        )
        let answer = await hear()
        guard case .welcome? = answer else { throw TestAgent.unexpected(answer) }
    }

    /// The answer to a measurement.
    func measured() async throws -> Measured {
        let answer = await hear()
        guard case .measured(let measured)? = answer else { throw TestAgent.unexpected(answer) }
        return measured
    }

    /// The refusal that comes next.
    func refusal() async throws -> Refusal { try TestAgent.refusal(await hear()) }

    static func refusal(_ answer: StagingMessage?) throws -> Refusal {
        guard case .refuse(let refusal)? = answer else { throw unexpected(answer) }
        return refusal
    }

    static func unexpected(_ answer: StagingMessage?) -> FerryError {
        FerryError(
            .laneEnded,
            operation: "go on with",
            subject: "the test",
            cause: "the answer was \(answer.map { "\($0)" } ?? "none")",
            advice: ""
        )
    }

    /// Hangs up.
    func end() async throws {
        let lane = lane
        try await group.next().submit { lane.value.close() }.get()
        try await group.shutdownGracefully()
    }
}
