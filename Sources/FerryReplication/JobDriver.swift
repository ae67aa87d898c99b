internal import FerryCore
internal import FerryDisk
internal import FerryImage
internal import FerryResolver
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

    /// Regions that one scan may take.
    static let regionsPerScan = 4
    /// So many bytes may be sent and not durable, on all lanes together: what is sent again at the worst.
    static let mostUnacknowledged = 40 << 20
    /// So many bytes of packed content may wait for the socket of one lane: a sixteenth of the memory for all of them, and
    /// no more than half a second of the link.
    var mostOutstanding: Int {
        let share = min(4 << 20, configuration.memory.int / 16 / max(1, configuration.lanes))
        guard let perSecond = linkBytesPerSecond else { return max(128 << 10, share) }
        return max(128 << 10, min(share, Int(perSecond / 2)))
    }
    /// The longest part: about a second of a slow link, so that a lane that keeps dying still gets something across.
    var partLength: Int {
        guard let perSecond = linkBytesPerSecond else { return DataPart.longestContent }
        return max(64 << 10, min(DataPart.longestContent, Int(perSecond)))
    }
    /// What the link carries, as far as it is known: the rate asked for, or the pace while the link is what limits.
    private var linkBytesPerSecond: Double? {
        configuration.rate?.bytesPerSecond ?? (level.linkLimits && pace.isKnown ? pace.bytesPerSecond : nil)
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

    private func pumpLater(_ delay: TimeAmount) {
        guard pumpTimer == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        pumpTimer = eventLoop.scheduleTask(in: delay) {
            bound.value.pumpTimer = nil
            bound.value.pump()
        }
    }

    private func offerReady() {
        while !ready.isEmpty {
            let disk = ready[ready.startIndex].disk
            let open = lanes.filter { $0.openDisks.contains(disk) && disks[disk].phase == .scanning }
            guard let lane = open.min(by: { $0.toPack.count + $0.batches.count < $1.toPack.count + $1.batches.count })
            else { return }
            offer(ready.removeFirst(), on: lane)
        }
    }

    private func offer(_ batch: Batch, on lane: AgentLane) {
        batchCount += 1
        batch.number = batchCount
        batch.needed = nil
        batch.outOfStep = []
        batch.packedBytes = 0
        batch.isSent = false
        lane.batches.append(batch)
        lane.lane?.send(
            .offer(
                Offer(
                    batch: batch.number,
                    disk: UInt16(batch.disk),
                    isRepair: batch.isRepair,
                    regions: batch.regions.map(\.offered),
                    emptyRanges: batch.emptyRanges
                )
            )
        )
    }

    private func packNeeded() {
        for lane in lanes where lane.isOpen {
            while packsUnderWay < max(1, workers.numberOfThreads), let batch = lane.oldestToPack {
                // The oldest must go, however much is unacknowledged: nothing after it is acknowledged before it.
                guard batch === lane.batches.first || !isFull(lane) else { break }
                lane.toPack.remove(at: lane.toPack.firstIndex { $0 === batch } ?? lane.toPack.startIndex)
                pack(batch, for: lane)
            }
            // What waits for a receiver that takes no more, or for its storage, is not helped by being smaller.
            let waitsForLink =
                !lane.toPack.isEmpty && isSocketFull(lane) && (lane.lane?.receiverLimitedShare ?? 0) < 0.3
            level.note(linkIsFull: waitsForLink, used: CoreGovernor.used(), at: .now())
        }
    }

    private func isSocketFull(_ lane: AgentLane) -> Bool { (lane.lane?.outstanding ?? 0) >= mostOutstanding }

    private func isFull(_ lane: AgentLane) -> Bool {
        isSocketFull(lane)
            || lanes.reduce(0) { $0 + $1.unacknowledgedBytes } >= JobDriver.mostUnacknowledged
    }

    private func pack(_ batch: Batch, for lane: AgentLane) {
        batch.isBeingPacked = true
        packsUnderWay += 1
        let task = PackTask(
            batch: PackTask.Content(batch),
            level: level.level,
            partLength: partLength,
            allocator: ByteBufferAllocator()
        )
        let bound = NIOLoopBound((driver: self, lane: lane), eventLoop: eventLoop)
        let memories = memories
        workers.runIfActive(eventLoop: eventLoop) { memories.with { task.run($0) } }.whenSuccess { parts in
            let (driver, lane) = bound.value
            driver.packsUnderWay -= 1
            batch.isBeingPacked = false
            driver.packed(batch, parts, on: lane)
        }
    }

    private func packed(_ batch: Batch, _ parts: [PackTask.Part], on lane: AgentLane) {
        guard lanes.contains(where: { $0 === lane }), let connection = lane.lane, connection.channel.isActive else {
            // The lane died meanwhile, and the content is still here. If its end is still to be told, the batch is
            // taken back then.
            if !lanes.contains(where: { $0 === lane }) { ready.prepend(batch) }
            return pump()
        }
        for part in parts {
            progress.unpacked += part.unpacked
            progress.packed += part.packed
            batch.packedBytes += part.packed
            lane.unacknowledgedBytes += part.packed
        }
        batch.isSent = true
        dropContent(of: batch)
        // Sending may find the connection dead, and then the batch is taken back before this returns.
        for part in parts { connection.send(part.frame) }
        pump()
    }

    func dropContent(of batch: Batch) {
        for index in batch.regions.indices {
            if let buffer = batch.regions[index].buffer { freeBuffers.append(buffer) }
            batch.regions[index].buffer = nil
        }
    }

    private func scanMore() {
        flushIfShort()
        while scansUnderWay + packsUnderWay < workers.numberOfThreads, freeBuffers.count >= JobDriver.regionsPerScan,
            ready.count < 32, let disk = disks.first(where: { $0.hasWork(at: .now()) })
        {
            scan(disk)
        }
        let now = NIODeadline.now()
        let resting = disks.filter { $0.hasWork(at: $0.restsUntil) && $0.restsUntil > now }
        if let end = resting.map(\.restsUntil).min() { pumpLater(end - now) }
    }

    /// What several disks have gathered may hold all buffers, and nothing more is scanned that would make batches of it.
    private func flushIfShort() {
        guard freeBuffers.count < JobDriver.regionsPerScan, ready.isEmpty, scansUnderWay + packsUnderWay == 0 else {
            return
        }
        for disk in disks { flushGathered(disk) }
        offerReady()
    }

    private func scan(_ disk: DiskJob) {
        guard let usage = disk.usage else { return }
        disk.isSettled = false
        let regions: [Int]
        let isRepair = !disk.repairs.isEmpty
        let inFull = isRepair || !disk.again.isEmpty
        if isRepair {
            regions = disk.repairs.takeFirst(JobDriver.regionsPerScan)
            for region in regions { disk.again.remove(region) }
        } else if inFull {
            regions = disk.again.takeFirst(JobDriver.regionsPerScan)
        } else if let next = disk.nextRegion {
            regions = Array(next..<min(next + JobDriver.regionsPerScan, disk.regionCount))
            disk.nextRegion = next + regions.count < disk.regionCount ? next + regions.count : nil
        } else {
            return
        }
        scansUnderWay += 1
        disk.scansUnderWay += 1
        let buffers = Array(freeBuffers.suffix(regions.count))
        freeBuffers.removeLast(regions.count)
        let task = ScanTask(
            disk: disk.disk,
            usage: usage,
            map: disk.map,
            pass: disk.pass,
            regions: regions,
            inFull: inFull,
            buffers: buffers
        )
        let memories = memories
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { try memories.with { try task.run($0) } }.whenComplete { result in
            let (driver, disk) = bound.value
            driver.scansUnderWay -= 1
            disk.scansUnderWay -= 1
            switch result {
            case .success(let outcome): driver.scanned(outcome, disk, inFull: inFull, isRepair: isRepair)
            case .failure(let error): driver.fail(error)
            }
        }
    }

    private func scanned(_ outcome: ScanTask.Outcome, _ disk: DiskJob, inFull: Bool, isRepair: Bool) {
        freeBuffers += outcome.freeBuffers
        progress.scanned += outcome.counts.scanned
        progress.read += outcome.counts.read
        progress.unused += outcome.counts.unused
        progress.zero += outcome.counts.zero
        progress.data += outcome.counts.data
        progress.unchanged += outcome.counts.unchanged
        progress.damaged += outcome.counts.damaged
        disk.damagedBytes += outcome.counts.damaged
        if !inFull { disk.scanned += outcome.counts.scanned }
        giveWay(disk, outcome.counts)
        if !outcome.damaged.isEmpty { tell(.damaged(disk: disk.name.name, extents: outcome.damaged)) }
        if isRepair != disk.gatheredForRepair { flushGathered(disk) }
        disk.gatheredForRepair = isRepair
        disk.changedBytes += outcome.counts.data - outcome.counts.unchanged
        disk.gathered += outcome.regions
        disk.gatheredLength += outcome.regions.reduce(0) { $0 + Batch.contentLength($1) }
        for range in outcome.empty {
            if let last = disk.gatheredEmpty.last, last.kind == range.kind, last.first + last.count == range.first {
                disk.gatheredEmpty[disk.gatheredEmpty.count - 1].count += range.count
            } else {
                disk.gatheredEmpty.append(range)
            }
        }
        let isLast = !disk.hasRegionsLeft && disk.scansUnderWay == 0
        if isLast || disk.gatheredLength >= JobDriver.worthABatch || disk.gathered.count >= mostGathered
            || disk.gatheredEmpty.count >= 1024
            || disk.gatheredEmpty.reduce(0, { $0 + Int($1.count) }) >= JobDriver.mostEmptyRegions
        {
            flushGathered(disk)
        }
        pump()
    }

    private func giveWay(_ disk: DiskJob, _ counts: ScanCounts) {
        let pause = disk.courtesy.pause(bytes: counts.read, calls: counts.readCalls, seconds: counts.readSeconds)
        if pause > .zero { disk.restsUntil = .now() + pause }
    }

    /// Makes a batch of what was gathered.
    private func flushGathered(_ disk: DiskJob) {
        guard !disk.gathered.isEmpty || !disk.gatheredEmpty.isEmpty else { return }
        disk.batches += 1
        ready.append(
            Batch(
                disk: disk.index,
                pass: disk.pass,
                isRepair: disk.gatheredForRepair,
                regions: disk.gathered,
                emptyRanges: disk.gatheredEmpty
            )
        )
        disk.gathered = []
        disk.gatheredEmpty = []
        disk.gatheredLength = 0
    }

    /// So much content is a batch worth its round trip; less is gathered, so that scattered changes pack well.
    private static let worthABatch = 1 << 20
    /// So many regions without content go into one offer at the most.
    private static let mostEmptyRegions = 4096
    /// So many regions may wait to be a batch.
    private var mostGathered: Int { max(4, bufferCount / 4) }

    private func endPasses() {
        for disk in disks where disk.isDrained && !disk.endWasSent {
            // Everything is durable: nobody is kept waiting for a network that is away.
            guard isSettled(disk) else { continue }
            guard let root = disk.map.knownRoot else {
                makeRoot(of: disk)
                continue
            }
            guard let lane = lanes.first(where: { $0.openDisks.contains(disk.index) })?.lane else { continue }
            disk.root = root
            disk.endWasSent = true
            disk.phase = .verifying
            lane.send(
                .endPass(
                    EndPass(
                        disk: UInt16(disk.index),
                        pass: disk.pass,
                        consistency: disk.consistency,
                        root: root,
                        startedAt: disk.startedAt,
                        endedAt: .now()
                    )
                )
            )
        }
    }

    private func makeRoot(of disk: DiskJob) {
        guard !disk.isRootUnderWay else { return }
        disk.isRootUnderWay = true
        let map = disk.map
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { map.makeRoot() }.whenSuccess { root in
            let (driver, disk) = bound.value
            disk.isRootUnderWay = false
            // A region is not remembered: its entry was damaged since it was written.
            if root == nil, disk.isDrained { disk.nextRegion = 0 }
            driver.pump()
        }
    }
}
