internal import FerryCore
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// Scanning regions, and gathering what changed until it is worth a batch.
extension JobDriver {
    /// Regions that one scan may take.
    static let regionsPerScan = 4

    func scanMore() {
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
        // A scan that ends later may ask for less than one before it did.
        if pause > .zero { disk.restsUntil = max(disk.restsUntil, .now() + pause) }
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
}
