internal import FerryCore
public import FerryTransport
public import Logging
internal import NIOCore
internal import NIOPosix

/// A staging server: receives the disks of agents into volumes.
public struct StagingServer: Sendable {
    /// How a staging server is set up.
    public struct Configuration: Sendable {
        /// The data directory.
        public var directory: String
        /// The address and port for lanes.
        public var listen: (host: String, port: Int)
        /// The address and port for health, metrics, volumes and sessions over HTTP; nil for none.
        public var http: (host: String, port: Int)?
        /// Worker threads; at least 1.
        public var workers: Int
        /// For `JOB/DISK` the block device that shall hold the volume.
        public var devices: [String: String]
        /// From which volumes chunks may be copied.
        public var sharing: ChunkSharing
        /// The program's release, told to agents.
        public var release: String
        /// Is told of each lane that has died while work went on.
        public var laneDied: (@Sendable () -> Void)?

        /// A configuration.
        public init(
            directory: String,
            listen: (host: String, port: Int),
            http: (host: String, port: Int)? = nil,
            workers: Int,
            devices: [String: String],
            sharing: ChunkSharing = .all,
            release: String,
            laneDied: (@Sendable () -> Void)? = nil
        ) {
            self.directory = directory
            self.listen = listen
            self.http = http
            self.workers = workers
            self.devices = devices
            self.sharing = sharing
            self.release = release
            self.laneDied = laneDied
        }
    }

    private let configuration: Configuration
    private let identity: TLSIdentity
    private let logger: Logger

    /// A server that shows `identity`.
    public init(configuration: Configuration, identity: TLSIdentity, logger: Logger) {
        self.configuration = configuration
        self.identity = identity
        self.logger = logger
    }

    /// Where a server listens.
    public struct Addresses: Sendable {
        /// The address and port for lanes.
        public var lanes: String
        /// The address and port for HTTP; nil if there is none.
        public var http: String?
    }

    /// Serves until the task is cancelled.
    /// - Parameter ready: called with the addresses and ports listened on.
    /// - Throws: `FerryError` if the data directory, the identity or the address cannot be used, or the index is dead: then
    ///   the server must be started again.
    public func run(ready: @Sendable (Addresses) -> Void) async throws {
        let store = try StagingStore(directory: configuration.directory, devices: configuration.devices)
        let context = try identity.stagingContext()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: max(1, configuration.workers))
        let indexer = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        indexer.start()
        let eventLoop = group.next()
        let counters = StagingCounters()
        let (deaths, death) = AsyncStream.makeStream(of: FerryError.self)
        let core = try await eventLoop.submit { [logger, configuration] in
            let core = StagingCore(
                store: store,
                eventLoop: eventLoop,
                workers: workers,
                indexer: indexer,
                counters: counters,
                logger: logger,
                release: configuration.release,
                sharing: configuration.sharing,
                whenDead: { death.yield($0) }
            )
            core.laneDied = configuration.laneDied
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
        let ticking = eventLoop.scheduleRepeatedTask(
            initialDelay: .milliseconds(100),
            delay: .milliseconds(100)
        ) { _ in
            core.value.checkpointIfDue()
            core.value.dropSilentLanes()
        }
        let listener = try await listening(on: configuration.listen) { address in
            try await LaneListener.listen(
                on: address,
                group: group,
                context: context,
                turnedAway: { [logger] count in
                    logger.warning(
                        "turned connections away: too many at a time are still to show a certificate",
                        metadata: ["count": "\(count)"]
                    )
                },
                accepted: { _ in core.value.callbacks() }
            )
        }
        let report = StatusReport(store: store, counters: counters, release: configuration.release)
        var http: HTTPService?
        if let place = configuration.http {
            http = try await listening(on: place) { address in
                try await HTTPService.listen(on: address, group: group, core: core, report: report)
            }
        }
        ready(Addresses(lanes: listener.address, http: http?.address))
        // Ends when the task is cancelled, or with the index.
        let dead = await deaths.first { _ in true }
        ticking.cancel()
        try? await http?.close()
        try? await listener.close()
        try? await workers.shutdownGracefully()
        try? await indexer.shutdownGracefully()
        try? await group.shutdownGracefully()
        if let dead { throw StagingServer.startAgain(dead) }
    }

    private static func startAgain(_ dead: FerryError) -> FerryError {
        FerryError(
            .stagingIndex,
            operation: "go on with",
            subject: "the index of the staging server",
            cause: "its disk has failed to keep a change of it (\(dead.cause))",
            advice:
                "Check the disk of the data directory and start the server again; agents wait and go on by themselves."
        )
    }

    private func listening<Listener>(
        on place: (host: String, port: Int),
        _ listen: (SocketAddress) async throws -> Listener
    ) async throws -> Listener {
        do {
            return try await listen(try SocketAddress(ipAddress: place.host, port: place.port))
        } catch {
            throw FerryError(
                .stagingData,
                operation: "listen on",
                subject: "\(place.host):\(place.port)",
                cause: "\(error)",
                advice: "Choose an address of this machine and a port that nobody uses."
            )
        }
    }
}
