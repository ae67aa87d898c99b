internal import FerryCore
internal import FerryDisk
public import FerryTransport
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Moves the disks of a source server to a staging server.
public struct Replication: Sendable {
    private let configuration: ReplicationConfiguration
    private let identity: TLSIdentity

    /// A replication of `configuration` under `identity`.
    public init(configuration: ReplicationConfiguration, identity: TLSIdentity) {
        self.configuration = configuration
        self.identity = identity
    }

    /// Runs passes over every disk, as the configuration asks, until each has ended in a verified generation.
    ///
    /// Survives whatever the network does, and waits as long as it takes. When the task is cancelled it stops where it
    /// is; what is durable stays so.
    /// - Returns: how it turned out.
    /// - Parameter tell: called from one thread with what there is to tell.
    /// - Throws: `FerryError` for what waiting cannot mend.
    public func run(tell: @escaping @Sendable (ReplicationEvent) -> Void) async throws -> ReplicationOutcome {
        while true {
            do {
                return try await runOnce(tell: tell)
            } catch let error as FerryError where error.code == .diskChangedSize {
                // Everything that depends on the size is learnt anew; what is durable is not sent again.
                tell(.finding(disk: error.subject, text: "\(error.cause); the job begins anew with the new size"))
            }
        }
    }

    private func runOnce(tell: @escaping @Sendable (ReplicationEvent) -> Void) async throws -> ReplicationOutcome {
        let context = try identity.agentContext()
        let disks = try openDisks()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: configuration.cores)
        let resolving = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        resolving.start()
        let eventLoop = group.next()
        let dialer = LaneDialer(group: group, context: context)
        let finished = eventLoop.makePromise(of: ReplicationOutcome.self)
        let configuration = configuration
        let driver = try await eventLoop.submit {
            let driver = JobDriver(
                configuration: configuration,
                eventLoop: eventLoop,
                workers: workers,
                resolving: resolving,
                openLane: { address, budget, callbacks in
                    dialer.dial(address, from: nil, budget: budget, on: eventLoop, callbacks: callbacks)
                },
                disks: disks.value.map { $0.job() },
                tell: tell,
                finished: finished
            )
            driver.start()
            return NIOLoopBound(driver, eventLoop: eventLoop)
        }.get()
        let outcome: ReplicationOutcome
        do {
            outcome = try await withTaskCancellationHandler {
                try await finished.futureResult.get()
            } onCancel: {
                eventLoop.execute { driver.value.fail(CancellationError()) }
            }
        } catch {
            try? await shutDown(workers, resolving, group)
            throw error
        }
        // The farewell leaves before the loops end.
        try await eventLoop.scheduleTask(in: .milliseconds(50)) {}.futureResult.get()
        try await shutDown(workers, resolving, group)
        return outcome
    }

    private func shutDown(
        _ workers: NIOThreadPool,
        _ resolving: NIOThreadPool,
        _ group: MultiThreadedEventLoopGroup
    ) async throws {
        try await workers.shutdownGracefully()
        try await resolving.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    /// A disk that was opened, to be handed to the event loop.
    private struct OpenDisk: Sendable {
        var index: Int
        var name: DiskName
        var disk: Disk
        var identity: String
        var map: BlockMap

        func job() -> DiskJob { DiskJob(index: index, name: name, disk: disk, identity: identity, map: map) }
    }

    private struct OpenDisks: Sendable { var value: [OpenDisk] }

    private func openDisks() throws -> OpenDisks {
        if configuration.freezeLimit != nil, geteuid() != 0 {
            // Better now than after hours of copying.
            throw FerryError(
                .freezeFailed,
                operation: "prepare",
                subject: "the final pass",
                cause: "freezing needs root",
                advice: "Run the agent as root, or without --freeze."
            )
        }
        if let directory = configuration.stateDirectory {
            try Replication.makeDirectory("\(directory)/\(configuration.job)")
        }
        var disks: [OpenDisk] = []
        for path in configuration.disks {
            let kind: Disk.Access? = path.hasPrefix("/dev/") ? nil : .cached
            let disk = try Disk(path: path, access: kind)
            let name = try DiskName(Replication.lastComponent(of: path))
            guard !disks.contains(where: { $0.name == name }) else {
                throw FerryError(
                    .badName,
                    operation: "replicate",
                    subject: path,
                    cause: "another disk has the same name \(name)",
                    advice: "Give the disks as paths whose last parts differ."
                )
            }
            let mapPath = configuration.stateDirectory.map { "\($0)/\(configuration.job)/\(name).map" }
            let map = try BlockMap(path: mapPath, size: disk.geometry.size)
            let identity = try disk.identity()
            if let directory = configuration.stateDirectory {
                try DiskMemory.check(
                    disk,
                    against: "\(directory)/\(configuration.job)/\(name).identity",
                    identity: identity
                )
            }
            disks.append(
                OpenDisk(
                    index: disks.count,
                    name: name,
                    disk: disk,
                    identity: identity.facts.map { "\($0.kind.rawValue)=\($0.value)" }.joined(separator: " "),
                    map: map
                )
            )
        }
        return OpenDisks(value: disks)
    }

    private static func lastComponent(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) throws(FerryError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            guard mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR else {
                throw FerryError(
                    .stateUnusable,
                    operation: "make",
                    subject: "the state directory \(made)",
                    cause: String(cString: strerror(errno)),
                    advice: "Name a directory that can be written to with --state."
                )
            }
        }
    }
}
