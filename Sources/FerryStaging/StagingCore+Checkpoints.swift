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

    /// Chunks of batches that were cut short are kept too, so that a lane that dies again and again still gets
    /// something across.
    private var hasPartsToKeep: Bool {
        !written.isEmpty && lastCommit + StagingCore.longestCheckpointInterval <= .now()
    }

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
                for lane in lanes.values { lane.acknowledgeDurable() }
            case .failure(let error): core.storageFailed(error)
            }
            for session in core.sessions.values { core.endPassesIfReady(session) }
            core.checkpointIfDue()
        }
    }

    /// What storage has refused to keep once may be lost though it says nothing the next time: of what was written since
    /// the last checkpoint nothing is believed, and the agents offer it again.
    private func storageFailed(_ error: any Error) {
        applied = []
        for session in sessions.values {
            for batch in session.live { batch.isAbandoned = true }
            for lane in session.lanes.values { fail(lane, error) }
        }
    }

    func endPassesIfReady(_ session: JobSession) {
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
}
