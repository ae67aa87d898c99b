import FerryCore
import FerryIdentity
import FerryImage
import FerryTransport
import FerryWire
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import FerryStaging

/// A staging server whose insides can be seen and whose storage can fail, and the agents web01 and web02.
struct CoreFixture: Sendable {
    let folder: Folder
    let store: StagingStore
    let core: NIOLoopBound<StagingCore>
    let indexer: NIOThreadPool
    let port: Int

    /// Runs `body` with a server of its own.
    /// - Parameter commit: makes what was written durable, in the store's place.
    static func with(
        sharing: ChunkSharing = .all,
        commit: (@Sendable ([Volume]) throws -> Void)? = nil,
        _ body: (CoreFixture) async throws -> Void
    ) async throws {
        let folder = try Folder()
        let authority = try CertificateAuthority.create(in: "\(folder.path)/ca")
        let staging = "\(folder.path)/staging"
        _ = try authority.issue(staging: try StagingName("staging"), hosts: [], to: staging, lifetime: .usual)
        for name in ["web01", "web02"] {
            _ = try authority.issue(agent: try AgentName(name), to: "\(folder.path)/\(name)", lifetime: .usual)
        }
        let store = try StagingStore(directory: "\(folder.path)/data")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: 1)
        let indexer = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        indexer.start()
        let eventLoop = group.next()
        let core = try await eventLoop.submit {
            let core = StagingCore(
                store: store,
                eventLoop: eventLoop,
                workers: workers,
                indexer: indexer,
                counters: StagingCounters(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                release: "9.9",
                sharing: sharing,
                commit: commit
            )
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
        let ticking = eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(50), delay: .milliseconds(50)) { _ in
            core.value.checkpointIfDue()
        }
        let listener = try await LaneListener.listen(
            on: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            group: group,
            context: try TLSIdentity(directory: staging).stagingContext()
        ) { _ in core.value.callbacks() }
        let port = Int(listener.address.split(separator: ":").last ?? "") ?? 0
        do {
            try await body(CoreFixture(folder: folder, store: store, core: core, indexer: indexer, port: port))
        } catch {
            Issue.record(error)
        }
        ticking.cancel()
        try await listener.close()
        try await workers.shutdownGracefully()
        try await indexer.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    /// A lane of agent `name`.
    func agent(_ name: String = "web01") async throws -> TestAgent {
        try await TestAgent(port: port, identity: try TLSIdentity(directory: "\(folder.path)/\(name)"))
    }

    /// A lane of agent `name` that has opened a disk of `size`, its number 0.
    func agent(_ name: String = "web01", job: String, size: ByteCount = .mebibytes(4)) async throws -> TestAgent {
        let agent = try await agent(name)
        try await agent.greet(job)
        try await agent.say(.openDisk(OpenDisk(disk: 0, name: "sda", identity: "x", size: size, cutRule: 1)))
        let answer = await agent.hear()
        guard case .diskState? = answer else { throw TestAgent.unexpected(answer) }
        return agent
    }

    /// What `look` sees of the core.
    func see<Result: Sendable>(_ look: @escaping @Sendable (StagingCore) -> Result) async throws -> Result {
        try await core.eventLoop.submit { [core] in look(core.value) }.get()
    }

    /// Waits until `look` sees it; false if that takes too long.
    func comes(_ look: @escaping @Sendable (StagingCore) -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if try await see(look) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// Offers that tests make.
enum TestOffer {
    /// Regions from `first` that hold nothing.
    static func ofNothing(
        _ batch: UInt64,
        _ first: UInt32,
        count: UInt32 = 1,
        kind: RunKind = .zero
    ) -> AgentMessage {
        let range = EmptyRange(first: first, count: count, kind: kind)
        return .offer(Offer(batch: batch, disk: 0, isRepair: false, regions: [], emptyRanges: [range]))
    }

    /// One block of content that is like no other's.
    static func content(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: ImageLayout.blockSize) }

    /// Region `index`, whose first block has `content(byte)` and all else nothing.
    static func ofContent(_ batch: UInt64, _ byte: UInt8, region index: UInt32 = 0) -> AgentMessage {
        let digest = content(byte).withUnsafeBytes { SHA256.digest(of: $0) }
        let rest = ImageLayout.regionBlocks - 1
        let record = RegionRecord(runs: [Run(.chunk, blocks: 1, digest: digest), Run(.unused, blocks: rest)])
        let region = OfferedRegion(
            index: index,
            leaf: record.leaf,
            runs: [RegionRun(.chunk, start: 0, blocks: 1, digest: digest), RegionRun(.unused, start: 1, blocks: rest)],
            changed: BlockSet()
        )
        return .offer(Offer(batch: batch, disk: 0, isRepair: false, regions: [region], emptyRanges: []))
    }

    /// The content of `ofContent`.
    static func data(_ batch: UInt64, _ byte: UInt8) -> AgentMessage {
        .data(
            DataPart(
                batch: batch,
                firstNeeded: 0,
                runs: 1,
                unpackedLength: UInt32(ImageLayout.blockSize),
                encoding: .plain,
                content: ByteBuffer(bytes: content(byte))
            )
        )
    }
}

extension TestAgent {
    /// What the next NEED asks for.
    func need() async throws -> Need {
        let answer = await hear()
        guard case .need(let need)? = answer else { throw TestAgent.unexpected(answer) }
        return need
    }

    /// Waits for word that `batch` is durable.
    func durable(_ batch: UInt64) async throws {
        let answer = await hear()
        guard case .durable(batch)? = answer else { throw TestAgent.unexpected(answer) }
    }
}
