internal import FerryAddress
internal import FerryCore
internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// The source side at work: scans disks, offers what changed, packs what is needed, and keeps lanes open.
///
/// Everything here happens on one event loop; what takes time happens on the worker threads. The job's state is here
/// and not in a lane: a lane that dies gives its batches back.
final class JobDriver {
    let configuration: ReplicationConfiguration
    let eventLoop: any EventLoop
    let workers: NIOThreadPool
    let resolving: NIOThreadPool
    let openLane: LaneOpening
    let budget: WireBudget?
    let disks: [DiskJob]
    let tell: (ReplicationEvent) -> Void
    /// Kept with whether every generation is what was asked for.
    let finished: EventLoopPromise<ReplicationOutcome>

    var endpoints: EndpointBoard
    var lanes: [AgentLane] = []
    var laneCount: UInt32 = 0
    /// Of two runs of an agent the one that began later has the job.
    let epoch = UInt64(max(1, UTCTime.now().microseconds))
    var batchCount: UInt64 = 0
    let bufferCount: Int
    var freeBuffers: [RegionBuffer]
    let memories: ScanMemories
    /// Batches to be offered, oldest first.
    var ready = CircularBuffer<Batch>()
    var scansUnderWay = 0
    var packsUnderWay = 0
    var progress = ReplicationProgress()
    var level: LevelChoice
    var governor: CoreGovernor
    var pace = Pace()
    var stall = StallWatch(at: .now())
    var awake = AwakeWatch(at: .now())
    /// Messages of the staging server that answer something.
    var answers = 0
    var unreachableSince: NIODeadline?
    var lastWaiting = NIODeadline.distantPast
    var lastFailure = "no endpoint was tried yet"
    var dialTimer: Scheduled<Void>?
    var pumpTimer: Scheduled<Void>?
    /// How the passes follow on each other.
    var stage = PassStage()
    var isOver = false

    init(
        configuration: ReplicationConfiguration,
        eventLoop: any EventLoop,
        workers: NIOThreadPool,
        resolving: NIOThreadPool,
        openLane: @escaping LaneOpening,
        disks: [DiskJob],
        tell: @escaping (ReplicationEvent) -> Void,
        finished: EventLoopPromise<ReplicationOutcome>
    ) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.workers = workers
        self.resolving = resolving
        self.openLane = openLane
        self.disks = disks
        self.tell = tell
        self.finished = finished
        budget = configuration.rate.map { WireBudget(rate: $0) }
        endpoints = EndpointBoard(configuration.endpoints)
        governor = CoreGovernor(cores: configuration.cores)
        level = LevelChoice(
            hasRateBudget: configuration.rate != nil,
            cores: configuration.cores,
            used: CoreGovernor.used(),
            at: .now()
        )
        bufferCount = JobDriver.bufferCount(configuration.memory)
        freeBuffers = (0..<bufferCount).map { _ in RegionBuffer() }
        memories = ScanMemories()
    }

    /// So many regions may be in memory: five sixteenths of what is allowed, at least enough to read and pack at once. The
    /// program itself, packed content on its way and the workers' memory take about 40 MiB.
    private static func bufferCount(_ memory: ByteCount) -> Int {
        let forRegions = memory.int * 5 / 16
        return max(8, min(512, forRegions / ImageLayout.regionSize))
    }

    // MARK: Life

    func start() {
        for disk in disks {
            if let reason = disk.map.discarded {
                tell(
                    .finding(
                        disk: disk.name.name,
                        text: "what was remembered of it cannot be used (\(reason)); everything is offered anew"
                    )
                )
            }
        }
        dialIfDue()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { task in
            if bound.value.isOver { return task.cancel() }
            bound.value.tick()
        }
        // What the kernel said last is evidence when a connection dies: it should not be old.
        eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) { task in
            if bound.value.isOver { return task.cancel() }
            for lane in bound.value.lanes { lane.lane?.sampleTCP() }
        }
    }

    private func tick() {
        let isLate = awake.tick(at: .now())
        pace.note(sent: totalSent, scanned: progress.scanned, at: .now())
        progress.sent = totalSent
        progress.rate = pace.bytesPerSecond
        progress.level = level.level
        progress.total = disks.reduce(0) { $0 + $1.size.int }
        progress.remainingSeconds = pace.remaining(progress.total - disks.reduce(0) { $0 + $1.scanned })
        tell(.progress(progress))
        watchFreeze()
        for lane in lanes { watch(lane) }
        watchForStall(isLate: isLate)
        if !lanes.contains(where: \.isOpen), let lane = lanes.first {
            let since = NIODeadline.now() - lane.dialedAt
            if since >= .seconds(1) {
                tell(
                    .connecting(
                        endpoint: endpoints.endpoints[lane.endpoint].address.description,
                        since: .nanoseconds(since.nanoseconds)
                    )
                )
            }
        }
        dialIfDue()
        pump()
    }

    var closedLanesSent = 0
    private var totalSent: Int { closedLanesSent + lanes.reduce(0) { $0 + ($1.lane?.bytesSent.int ?? 0) } }

    func fail(_ error: any Error) {
        guard !isOver else { return }
        isOver = true
        stop()
        finished.fail(error)
    }

    func succeed(_ outcome: ReplicationOutcome) {
        guard !isOver else { return }
        isOver = true
        tick()
        for lane in lanes { lane.lane?.send(.goodbye(reason: "the job is done")) }
        stop()
        finished.succeed(outcome)
    }

    /// Ends the job as it stands; what is durable stays so.
    func stop() {
        isOver = true
        dialTimer?.cancel()
        pumpTimer?.cancel()
        stage.timer?.cancel()
        stage.freeze = nil
        for lane in lanes {
            lane.lane?.close()
            lane.lane = nil
        }
    }

    // MARK: Work

    /// Starts whatever can be started. Called after every change.
    func pump() {
        guard !isOver else { return }
        if disks.allSatisfy({ $0.phase == .done }) { return passesEnded() }
        offerReady()
        let pause = governor.pause(at: .now())
        if pause > .zero { return pumpLater(pause) }
        packNeeded()
        scanMore()
        endPasses()
    }

    func pumpLater(_ delay: TimeAmount) {
        guard pumpTimer == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        pumpTimer = eventLoop.scheduleTask(in: delay) {
            bound.value.pumpTimer = nil
            bound.value.pump()
        }
    }
}
