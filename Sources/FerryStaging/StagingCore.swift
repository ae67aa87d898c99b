internal import FerryCore
internal import FerryImage
internal import FerryTransport
internal import FerryWire
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
    private(set) var sessions: [JobID: JobSession] = [:]
    /// Connections to the HTTP service.
    var httpConnections = 0
    /// How much agents may still measure.
    var measuring = MeasuringAllowance()
    private let memories: WorkerMemories

    private var applied: [(batch: Batch, lane: LaneSession, volume: Volume)] = []
    private var isCommitting = false
    /// Volumes to which chunks were written since the last checkpoint.
    private var written: [ObjectIdentifier: Volume] = [:]
    /// Chunks of batches that were cut short are kept too, so that a lane that dies again and again still gets
    /// something across.
    private var hasPartsToKeep: Bool {
        !written.isEmpty && lastCommit + StagingCore.longestCheckpointInterval <= .now()
    }
    private var lastCommit = NIODeadline.distantPast

    /// A checkpoint is made at least this often while anything waits for it.
    private static let checkpointInterval = TimeAmount.milliseconds(300)
    /// And at least this often while chunks of unfinished batches are written.
    private static let longestCheckpointInterval = TimeAmount.seconds(2)
    /// Or when so many batches wait.
    private static let checkpointBatches = 16

    init(
        store: StagingStore,
        eventLoop: any EventLoop,
        workers: NIOThreadPool,
        indexer: NIOThreadPool,
        counters: StagingCounters,
        logger: Logger,
        release: String
    ) {
        self.store = store
        self.eventLoop = eventLoop
        self.workers = workers
        self.indexer = indexer
        self.counters = counters
        self.logger = logger
        self.release = release
        memories = WorkerMemories()
    }

    /// The largest disk that is taken: 1 PiB.
    private static let largestDisk = UInt64(1) << 50

    /// So many batches of one lane may be under way: far more than an agent has memory for.
    private static let mostBatches = 4096
    /// How long an agent may take from TLS to its hello.
    private static let helloTimeout = TimeAmount.seconds(10)

    // MARK: Lanes

    /// The callbacks of a lane that was accepted.
    func callbacks() -> Lane.Callbacks {
        var session: LaneSession?
        return Lane.Callbacks(
            onOpen: { [self] lane, role in
                StagingCore.count(1, counters.lanesAccepted)
                guard case .agent(let agent)? = role else {
                    let error = FerryError(
                        .tlsPeerRefused,
                        operation: "admit",
                        subject: lane.peer,
                        cause: "its certificate is not an agent's",
                        advice: "Issue an identity with \"ferry pki issue --agent\"."
                    )
                    lane.send(.refuse(Refusal(error)))
                    return lane.close(error)
                }
                let admitted = LaneSession(lane: lane, agent: agent)
                session = admitted
                let bound = NIOLoopBound(admitted, eventLoop: eventLoop)
                eventLoop.scheduleTask(in: StagingCore.helloTimeout) {
                    if bound.value.lane.phase == .hello { bound.value.lane.close(closedBy: .nobody) }
                }
            },
            onFrame: { [self] lane, frame in
                guard let session else { return }
                do {
                    try handle(try AgentMessage(frame), on: session)
                } catch {
                    fail(session, error)
                }
            },
            onDrain: { _ in },
            onEnd: { [self] end in ended(session, end) }
        )
    }

    private func ended(_ lane: LaneSession?, _ end: LaneEnd) {
        if let error = end.error, end.phase != .transfer {
            StagingCore.count(1, counters.lanesRefused)
            logger.warning("refused a connection", metadata: ["peer": "\(end.destination)", "why": "\(error)"])
        } else {
            logger.info(
                "lane ended",
                metadata: [
                    "peer": "\(end.destination)", "outcome": "\(end.outcome)", "why": "\(end.error?.cause ?? "")",
                ]
            )
        }
        guard let lane, let session = lane.session else { return }
        session.lanes[ObjectIdentifier(lane)] = nil
        for batch in lane.batches where !batch.isApplied { batch.isAbandoned = true }
        session.blocked.removeAll { $0.lane === lane }
        release(session)
    }

    private func fail(_ lane: LaneSession, _ error: any Error) {
        let error = StagingCore.ferryError(error)
        logger.warning("closing a lane", metadata: ["peer": "\(lane.lane.peer)", "why": "\(error)"])
        lane.refuse(error)
    }

    static func ferryError(_ error: any Error) -> FerryError {
        error as? FerryError
            ?? FerryError(
                .stagingIndex,
                operation: "go on with",
                subject: "the job",
                cause: "\(error)",
                advice: "See the staging server's log.",
                retry: .later
            )
    }

    // MARK: Messages

    private func handle(_ message: AgentMessage, on lane: LaneSession) throws {
        if case .hello(let hello) = message { return try admit(hello, lane) }
        if case .measure(let measure) = message { return try self.measure(measure, lane) }
        guard let session = lane.session else {
            throw StagingCore.unexpected("a message before the hello was answered")
        }
        switch message {
        case .hello, .measure: break
        case .openDisk(let open): try self.open(open, session, lane)
        case .offer(let offer): try take(offer, session, lane)
        case .data(let part): try take(part, session, lane)
        case .endPass(let end):
            session.endings.append((end, lane))
            release(session)
        case .ping(let token): lane.lane.send(.pong(token: token))
        case .goodbye: lane.lane.close()
        }
    }

    static func unexpected(_ what: String) -> FerryError {
        FerryError(
            .wireUnexpected,
            operation: "take",
            subject: what,
            cause: "it has no place here",
            advice: "Install the same release of Ferry on both sides.",
            retry: .reconnect
        )
    }

    private func admit(_ hello: Hello, _ lane: LaneSession) throws {
        guard lane.session == nil, let version = WireVersion.common(with: hello.oldestVersion, hello.newestVersion)
        else { throw StagingCore.unexpected("a second hello") }
        let job = try JobID(hello.job)
        if let current = sessions[job], current.epoch > hello.epoch, current.isBusy {
            throw StagingCore.superseded(job)
        }
        let store = store
        let agent = lane.agent
        onIndexer({ try store.claim(job, for: agent) }, failing: lane) { [self] in
            let session: JobSession
            if let current = sessions[job], current.epoch == hello.epoch {
                session = current
            } else {
                if let former = sessions[job] { supersede(former) }
                session = JobSession(job: job, epoch: hello.epoch)
                sessions[job] = session
            }
            for former in session.lanes.values where !hello.liveLanes.contains(former.number) { drop(former) }
            lane.session = session
            lane.number = hello.lane
            lane.lane.phase = .transfer
            session.lanes[ObjectIdentifier(lane)] = lane
            lane.lane.send(
                .welcome(
                    Welcome(version: version, release: release, clock: .now(), observedAddress: lane.lane.peer)
                )
            )
            logger.info(
                "lane opened",
                metadata: ["job": "\(job)", "agent": "\(agent)", "peer": "\(lane.lane.peer)", "lane": "\(hello.lane)"]
            )
        }
    }

    /// Gives up a lane that has gone silent, with all that it carried.
    private func drop(_ lane: LaneSession) {
        lane.lane.close(
            FerryError(
                .laneEnded,
                operation: "go on",
                subject: "over the connection to \(lane.lane.peer)",
                cause: "it has gone silent",
                advice: "The agent connects again by itself.",
                retry: .reconnect
            ),
            closedBy: .nobody
        )
    }

    /// Gives up lanes that were not heard for longer than agents are silent; called by a timer.
    func dropSilentLanes() {
        let limit = NIODeadline.now() - .seconds(30)
        for session in sessions.values {
            for lane in session.lanes.values where lane.lane.lastHeardAt < limit && lane.isHeard { drop(lane) }
        }
    }

    private func supersede(_ session: JobSession) {
        for lane in session.lanes.values { lane.refuse(StagingCore.superseded(session.job)) }
    }

    private static func superseded(_ job: JobID) -> FerryError {
        FerryError(
            .jobSuperseded,
            operation: "go on with",
            subject: "the job \(job)",
            cause: "a later run of its agent has taken over",
            advice: "Let one agent at a time work on a job."
        )
    }

    private func open(_ open: OpenDisk, _ session: JobSession, _ lane: LaneSession) throws {
        let store = store
        let job = session.job
        let name = try DiskName(open.name)
        guard open.size.bytes > 0, open.size.bytes <= StagingCore.largestDisk else {
            throw StagingCore.unexpected("a disk of \(open.size.bytes) B")
        }
        onIndexer(
            {
                try store.openVolume(
                    job: job,
                    disk: name,
                    size: open.size,
                    identity: open.identity,
                    cutRule: open.cutRule
                )
            },
            failing: lane
        ) { volume in
            session.volumes[open.disk] = volume
            lane.lane.send(
                .diskState(
                    DiskState(
                        disk: open.disk,
                        volume: volume.record.identifierWords,
                        lastPass: volume.record.lastPass
                    )
                )
            )
        }
    }

    // MARK: Batches

    private func take(_ offer: Offer, _ session: JobSession, _ lane: LaneSession) throws {
        guard session.volumes[offer.disk] != nil else { throw StagingCore.unexpected("an offer for an unknown disk") }
        guard lane.batches.count + session.blocked.count < StagingCore.mostBatches else {
            throw StagingCore.unexpected("more than \(StagingCore.mostBatches) batches at a time")
        }
        let batch = Batch(offer)
        guard !session.live.contains(where: { $0.overlaps(batch) }) else {
            return session.blocked.append((offer, lane))
        }
        start(batch, offer, session, lane)
    }

    private func start(_ batch: Batch, _ offer: Offer, _ session: JobSession, _ lane: LaneSession) {
        guard let volume = session.volumes[offer.disk] else { return }
        session.live.append(batch)
        lane.batches.append(batch)
        let store = store
        onWorker(
            { memory in
                try OfferResolution.resolve(offer, volume: volume, store: store, memory: memory)
            },
            session
        ) { [self] resolution in
            batch.resolution = resolution
            StagingCore.count(resolution.bytesInPlace, counters.chunkBytesInPlace)
            StagingCore.count(resolution.bytesCopied, counters.chunkBytesCopied)
            StagingCore.count(resolution.outOfStep.count, counters.regionsOutOfStep)
            if !batch.isAbandoned {
                lane.lane.send(
                    .need(
                        Need(batch: batch.number, outOfStep: resolution.outOfStep, needed: resolution.isNeeded)
                    )
                )
            }
            progress(batch, session, lane)
        } failed: { [self] error in
            batch.resolution = OfferResolution()
            batch.isAbandoned = true
            fail(lane, error)
            release(session)
        }
    }

    private func take(_ part: DataPart, _ session: JobSession, _ lane: LaneSession) throws {
        guard let batch = lane.batches.first(where: { $0.number == part.batch }), let resolution = batch.resolution,
            let volume = session.volumes[batch.disk], Int(part.firstNeeded) == batch.nextNeeded,
            Int(part.firstNeeded) + Int(part.runs) <= resolution.needed.count
        else { throw StagingCore.unexpected("a part that was not asked for") }
        let runs = resolution.needed[Int(part.firstNeeded)..<(Int(part.firstNeeded) + Int(part.runs))]
        batch.nextNeeded += Int(part.runs)
        batch.partsUnderWay += 1
        let length = part.content.readableBytes
        StagingCore.count(length, counters.bytesReceived)
        lane.queue(length)
        let store = store
        onWorker(
            { memory in
                try PartApplication.apply(part, runs: runs, volume: volume, store: store, memory: memory)
            },
            session
        ) { [self] outcome in
            batch.partsUnderWay -= 1
            batch.outOfStep.formUnion(outcome.outOfStep)
            StagingCore.count(outcome.bytesWritten, counters.chunkBytesWritten)
            written[ObjectIdentifier(volume)] = volume
            lane.queue(-length)
            progress(batch, session, lane)
        } failed: { [self] error in
            batch.partsUnderWay -= 1
            batch.isAbandoned = true
            lane.queue(-length)
            fail(lane, error)
            release(session)
        }
    }

    /// Sees whether a batch is complete, and if so hands it to the next checkpoint.
    private func progress(_ batch: Batch, _ session: JobSession, _ lane: LaneSession) {
        guard !batch.isAbandoned, batch.isComplete, !batch.isApplied, let volume = session.volumes[batch.disk],
            let resolution = batch.resolution
        else { return release(session) }
        batch.isApplied = true
        volume.note(resolution.records.filter { !batch.outOfStep.contains($0.0) })
        if !batch.outOfStep.isEmpty {
            StagingCore.count(batch.outOfStep.count, counters.regionsRepaired)
            lane.lane.send(.repair(disk: batch.disk, pass: 0, regions: Array(batch.outOfStep)))
        }
        applied.append((batch, lane, volume))
        release(session)
        checkpointIfDue()
    }

    /// Lets go of the regions of batches that are done, and starts what waited for them.
    private func release(_ session: JobSession) {
        session.live.removeAll { $0.isApplied || ($0.isAbandoned && $0.isIdle) }
        var waiting: [(offer: Offer, lane: LaneSession)] = []
        for (offer, lane) in session.blocked {
            let batch = Batch(offer)
            let isBlocked =
                session.live.contains { $0.overlaps(batch) }
                || waiting.contains { Batch($0.offer).overlaps(batch) }
            if isBlocked { waiting.append((offer, lane)) } else { start(batch, offer, session, lane) }
        }
        session.blocked = waiting
        if session.live.isEmpty, session.blocked.isEmpty, !session.endings.isEmpty { checkpointIfDue() }
        endPassesIfReady(session)
        if session.lanes.isEmpty, session.live.isEmpty, session.readingBack.isEmpty, sessions[session.job] === session {
            sessions[session.job] = nil
        }
    }

    // MARK: Checkpoints

    /// Makes a checkpoint if enough waits for it, or nothing else is going on. Called on every change and by a timer.
    func checkpointIfDue() {
        guard !isCommitting, !applied.isEmpty || hasPartsToKeep else { return }
        let isQuiet = sessions.values.allSatisfy { $0.live.isEmpty }
        guard
            isQuiet || hasPartsToKeep || applied.count >= StagingCore.checkpointBatches
                || lastCommit + StagingCore.checkpointInterval <= .now()
        else { return }
        let batches = applied
        applied = []
        written.merge(batches.map { (ObjectIdentifier($0.volume), $0.volume) }) { former, _ in former }
        isCommitting = true
        lastCommit = .now()
        let store = store
        let list = Array(written.values)
        written = [:]
        let bound = NIOLoopBound((core: self, batches: batches), eventLoop: eventLoop)
        indexer.runIfActive(eventLoop: eventLoop) { try store.commit(list) }.whenComplete { result in
            let (core, batches) = bound.value
            core.isCommitting = false
            switch result {
            case .success:
                StagingCore.count(1, core.counters.checkpoints)
                var lanes: [ObjectIdentifier: LaneSession] = [:]
                for (batch, lane, _) in batches {
                    batch.isDurable = true
                    lanes[ObjectIdentifier(lane)] = lane
                }
                for lane in lanes.values where lane.lane.channel.isActive { lane.acknowledgeDurable() }
            case .failure(let error):
                core.applied = batches.filter { $0.lane.lane.channel.isActive } + core.applied
                for session in core.sessions.values {
                    for lane in session.lanes.values { core.fail(lane, error) }
                }
            }
            for session in core.sessions.values { core.endPassesIfReady(session) }
            core.checkpointIfDue()
        }
    }

    // MARK: Ends of passes

    private func endPassesIfReady(_ session: JobSession) {
        guard !session.endings.isEmpty, session.live.isEmpty, session.blocked.isEmpty, applied.isEmpty, !isCommitting
        else { return }
        let endings = session.endings
        session.endings = []
        for (end, lane) in endings {
            guard let volume = session.volumes[end.disk] else {
                fail(lane, StagingCore.unexpected("the end of a pass of an unknown disk"))
                continue
            }
            guard session.readingBack.insert(end.disk).inserted else { continue }
            PassEnding(core: self, session: session, lane: lane, volume: volume, end: end).begin()
        }
    }

    /// The read-back of `disk` is over.
    func finished(_ disk: UInt16, _ session: JobSession, volume: Volume?) {
        session.readingBack.remove(disk)
        if let volume { session.volumes[disk] = volume }
        release(session)
    }

    // MARK: Threads

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
