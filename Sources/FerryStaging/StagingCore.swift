internal import FerryCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The receiving side at work: admits lanes, answers offers, has parts applied, makes checkpoints, reads back.
///
/// Everything here happens on one event loop; what takes time happens on the worker threads, and what writes the index
/// on one thread of its own.
final class StagingCore {
    let store: StagingStore
    let eventLoop: any EventLoop
    let workers: NIOThreadPool
    let indexer: NIOThreadPool
    let counters: StagingCounters
    let logger: Logger
    let release: String
    let sharing: ChunkSharing
    /// Makes what was written to volumes durable.
    let commit: @Sendable ([Volume]) throws -> Void
    /// Told of each lane that has died while work went on.
    var laneDied: (@Sendable () -> Void)?
    /// Told once, when nothing can go on any more.
    private var whenDead: ((FerryError) -> Void)?
    var sessions: [JobID: JobSession] = [:]
    /// Connections to the HTTP service.
    var httpConnections = 0
    /// How much agents may still measure.
    var measuring = MeasuringAllowance()
    /// How much clients of the HTTP service may still have thrown away.
    var discarding = DiscardingAllowance()
    private let memories: WorkerMemories
    private var offerMemories: [AgentName: OfferMemory] = [:]

    /// Batches that wait for the next checkpoint.
    var applied: [(batch: Batch, lane: LaneSession, volume: Volume)] = []
    var isCommitting = false
    var lastCommit = NIODeadline.distantPast
    /// Volumes to which chunks were written since the last checkpoint, by their storage: what was noted of a volume must
    /// not be taken into a checkpoint twice, though the index says something else of it by now.
    var written: [ObjectIdentifier: Volume] = [:]

    init(
        store: StagingStore,
        eventLoop: any EventLoop,
        workers: NIOThreadPool,
        indexer: NIOThreadPool,
        counters: StagingCounters,
        logger: Logger,
        release: String,
        sharing: ChunkSharing = .all,
        commit: (@Sendable ([Volume]) throws -> Void)? = nil,
        whenDead: ((FerryError) -> Void)? = nil
    ) {
        self.store = store
        self.eventLoop = eventLoop
        self.workers = workers
        self.indexer = indexer
        self.counters = counters
        self.logger = logger
        self.release = release
        self.sharing = sharing
        self.commit = commit ?? { try store.commit($0) }
        self.whenDead = whenDead
        memories = WorkerMemories()
    }

    /// What the offers of `agent` hold.
    func offerMemory(of agent: AgentName) -> OfferMemory {
        if let memory = offerMemories[agent] { return memory }
        let memory = OfferMemory()
        offerMemories[agent] = memory
        return memory
    }

    /// Ends the server if `error` says that its index takes nothing any more until it is opened anew: it would refuse
    /// everybody for good, and nobody would start it again.
    func giveUpIfIndexIsDead(_ error: any Error) {
        guard let error = error as? FerryError, Index.isDead(error), let whenDead else { return }
        self.whenDead = nil
        whenDead(error)
    }

    /// Runs `work` on the index's thread, then `done` here; an error closes `lane`.
    func onIndexer<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result,
        failing lane: LaneSession,
        done: @escaping (Result) -> Void
    ) {
        onIndexer(work, done: done, failed: { [self] in fail(lane, $0) })
    }

    /// Runs `work` on the index's thread, then `done` or `failed` here.
    func onIndexer<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result,
        done: @escaping (Result) -> Void,
        failed: @escaping (any Error) -> Void
    ) {
        let bound = NIOLoopBound((done: done, failed: failed), eventLoop: eventLoop)
        indexer.runIfActive(eventLoop: eventLoop, work).whenComplete { result in
            switch result {
            case .success(let result): bound.value.done(result)
            case .failure(let error): bound.value.failed(error)
            }
        }
    }

    /// Runs `work` on a worker thread, then `done` or `failed` here.
    func onWorker<Result: Sendable>(
        _ work: @escaping @Sendable (WorkerMemory) throws -> Result,
        _ session: JobSession,
        done: @escaping (Result) -> Void,
        failed: @escaping (any Error) -> Void
    ) {
        let bound = NIOLoopBound((done: done, failed: failed), eventLoop: eventLoop)
        let memories = memories
        workers.runIfActive(eventLoop: eventLoop) { try memories.with(work) }.whenComplete { result in
            switch result {
            case .success(let result): bound.value.done(result)
            case .failure(let error): bound.value.failed(error)
            }
        }
    }

    static func count(_ amount: Int, _ counter: borrowing Atomic<Int>) {
        StagingCounters.add(amount, to: counter)
    }
}
