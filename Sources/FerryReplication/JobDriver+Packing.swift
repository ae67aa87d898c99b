internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// Offering batches, and sending what of them is needed.
extension JobDriver {
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

    func offerReady() {
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

    func packNeeded() {
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
}
