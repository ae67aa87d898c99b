internal import FerryCore
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// Making durable what is written, and ending passes once everything of them is.
extension StagingCore {
    /// A checkpoint is made at least this often while anything waits for it.
    private static let checkpointInterval = TimeAmount.milliseconds(300)
    /// And at least this often while chunks of unfinished batches are written.
    private static let longestCheckpointInterval = TimeAmount.seconds(2)
    /// Or when so many batches wait.
    private static let checkpointBatches = 16
    /// Or when they brought so much: a fraction of what an agent may have sent and not durable, so that it never waits for
    /// a checkpoint that waits for more.
    private static let checkpointBytes = 8 << 20

    /// Chunks of batches that were cut short are kept too, so that a lane that dies again and again still gets
    /// something across.
    private var hasPartsToKeep: Bool {
        !written.isEmpty && lastCommit + StagingCore.longestCheckpointInterval <= .now()
    }

    /// Makes a checkpoint if enough waits for it, or nothing else is going on. Called on every change and by a timer.
    func checkpointIfDue() {
        guard !isCommitting, !applied.isEmpty || hasPartsToKeep else { return }
        let receivedBytes = applied.reduce(0) { $0 + $1.batch.receivedBytes }
        let isQuiet = sessions.values.allSatisfy { $0.regions.live.isEmpty }
        guard
            isQuiet || hasPartsToKeep || applied.count >= StagingCore.checkpointBatches
                || receivedBytes >= StagingCore.checkpointBytes
                || lastCommit + StagingCore.checkpointInterval <= .now()
        else { return }
        let batches = applied
        applied = []
        written.merge(batches.map { (ObjectIdentifier($0.volume.storage), $0.volume) }) { former, _ in former }
        isCommitting = true
        lastCommit = .now()
        let list = Array(written.values)
        written = [:]
        let bound = NIOLoopBound((core: self, batches: batches), eventLoop: eventLoop)
        indexer.runIfActive(eventLoop: eventLoop) { [commit] in try commit(list) }.whenComplete { result in
            let (core, batches) = bound.value
            core.isCommitting = false
            switch result {
            case .success:
                StagingCore.count(1, core.counters.checkpoints)
                var lanes: [ObjectIdentifier: LaneSession] = [:]
                for (batch, lane, _) in batches {
                    lane.session?.undurableBatches -= 1
                    batch.isDurable = true
                    lanes[ObjectIdentifier(lane)] = lane
                }
                for lane in lanes.values { lane.acknowledgeDurable() }
            case .failure(let error): core.storageFailed(error, batches, list)
            }
            for session in core.sessions.values { core.endPassesIfReady(session) }
            core.checkpointIfDue()
        }
    }

    /// What storage has refused to keep once may be lost though it says nothing the next time: of what was written to
    /// `volumes` since the last checkpoint nothing is believed, and the agents offer it again. Jobs on other volumes have
    /// lost nothing.
    private func storageFailed(
        _ error: any Error,
        _ batches: [(batch: Batch, lane: LaneSession, volume: Volume)],
        _ volumes: [Volume]
    ) {
        let numbers = Set(volumes.map(\.record.number))
        let lost = batches + applied.filter { numbers.contains($0.volume.record.number) }
        applied.removeAll { numbers.contains($0.volume.record.number) }
        // Also what was noted after the checkpoint had failed, and before this was heard of.
        for volume in volumes + lost.map(\.volume) { volume.endCheckpoint(succeeded: false) }
        var lanes: [ObjectIdentifier: LaneSession] = [:]
        for (_, lane, _) in lost {
            lane.session?.undurableBatches -= 1
            lanes[ObjectIdentifier(lane)] = lane
        }
        for session in sessions.values
        where session.volumes.values.contains(where: { numbers.contains($0.record.number) }) {
            for batch in session.regions.live.values where numbers.contains(batch.volume.record.number) {
                abandon(batch, session)
            }
            for volume in session.volumes.values where numbers.contains(volume.record.number) {
                volume.endCheckpoint(succeeded: false)
            }
            lanes.merge(session.lanes) { lane, _ in lane }
        }
        if lanes.isEmpty { giveUpIfIndexIsDead(error) }
        for lane in lanes.values { fail(lane, error) }
    }

    func endPassesIfReady(_ session: JobSession) {
        guard !session.endings.isEmpty, session.isQuiet, session.undurableBatches == 0 else { return }
        let endings = session.endings
        session.endings = [:]
        for (end, lane) in endings.values {
            guard let volume = session.volumes[end.disk] else {
                fail(lane, StagingCore.unexpected("the end of a pass of an unknown disk"))
                continue
            }
            // An agent asks again when the answer may have died with a lane: the new one is where it hears.
            if let asked = session.readingBack[end.disk] {
                asked.lane = lane
                continue
            }
            let ending = PassEnding(core: self, session: session, lane: lane, volume: volume, end: end)
            session.readingBack[end.disk] = ending
            ending.begin()
        }
    }

    /// The read-back of `disk` is over.
    func finished(_ disk: UInt16, _ session: JobSession, volume: Volume?) {
        let ending = session.readingBack.removeValue(forKey: disk)
        if let volume { session.volumes[disk] = volume }
        if let ending {
            for batch in ending.takeThoseBehind() where batch.waitsNoMore() {
                if batch.isAbandoned { start(session.regions.finish(batch)) } else { start([batch]) }
            }
        }
        moveOn(session)
    }
}
