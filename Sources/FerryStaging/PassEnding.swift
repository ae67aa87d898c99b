internal import FerryCore
internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import Logging
internal import NIOCore
internal import NIOPosix

/// The end of one pass: compares the manifests, reads the volume back, and makes a generation of it or asks for
/// repairs. Lives on the server's event loop.
final class PassEnding {
    private let core: StagingCore
    private let session: JobSession
    /// Where the agent asked last, and is answered.
    var lane: LaneSession
    private let volume: Volume
    private let end: EndPass
    private var nextRegion: UInt32 = 0
    private var underWay = 0
    private var checked: UInt64 = 0
    private var outcome = ReadBack.Outcome()
    private var failure: (any Error)?
    private var lastWord = NIODeadline.now()
    /// Batches of the disk that were offered meanwhile.
    private var behind: [Batch] = []

    /// Regions that one task reads: so few that also a slow disk lets something be said every two seconds.
    private static let regionsPerTask: UInt32 = 16

    init(core: StagingCore, session: JobSession, lane: LaneSession, volume: Volume, end: EndPass) {
        self.core = core
        self.session = session
        self.lane = lane
        self.volume = volume
        self.end = end
    }

    /// Makes `batch` wait until the read-back is over.
    func hasBehind(_ batch: Batch) {
        behind.append(batch)
        batch.waits()
    }

    /// The batches that waited for it; none does afterwards.
    func takeThoseBehind() -> [Batch] {
        defer { behind = [] }
        return behind
    }

    func begin() {
        let store = core.store
        let volume = volume
        let end = end
        core.onWorker(
            { _ -> (root: Digest, former: GenerationRecord?) in
                let record = volume.record
                let former = try store.generation(volume: record.number, number: record.lastGeneration)
                return (try ReadBack.root(of: volume, in: store.index), former)
            },
            session
        ) { [self] found in
            if let former = found.former, former.pass == end.pass, former.root == end.root.description,
                found.root == end.root
            {
                // The agent asks again because the answer was lost with its lane.
                return conclude(.verified(disk: end.disk, pass: end.pass, generation: former.number, root: end.root))
            }
            guard found.root == end.root else {
                core.logger.warning(
                    "manifests differ",
                    metadata: ["volume": "\(volume.record.name)", "agent": "\(end.root)", "here": "\(found.root)"]
                )
                return conclude(.repair(disk: end.disk, pass: end.pass, regions: []))
            }
            say()
            readMore()
        } failed: { [self] error in
            fail(error)
        }
    }

    private func readMore() {
        let total = UInt32(volume.regionCount)
        // A later run of the agent may have begun to change what is read, and ends its passes itself.
        while session.successor == nil, underWay < core.workers.numberOfThreads, nextRegion < total, failure == nil {
            let range = nextRegion..<min(nextRegion + PassEnding.regionsPerTask, total)
            nextRegion = range.upperBound
            underWay += 1
            let volume = volume
            let index = core.store.index
            core.onWorker(
                { memory in
                    try ReadBack.check(range, of: volume, in: index, memory: memory)
                },
                session
            ) { [self] part in
                underWay -= 1
                outcome.add(part)
                checked += UInt64(range.count) * UInt64(ImageLayout.regionSize)
                if NIODeadline.now() - lastWord > .seconds(1) { say() }
                readMore()
            } failed: { [self] error in
                underWay -= 1
                failure = error
                readMore()
            }
        }
        guard underWay == 0 else { return }
        guard session.successor == nil else { return core.finished(end.disk, session, volume: nil) }
        if let failure { return fail(failure) }
        if outcome.wrong.isEmpty { return verified() }
        repair()
    }

    private func say() {
        lastWord = .now()
        session.answering(lane)?.lane.send(
            .verifying(
                disk: end.disk,
                done: ByteCount(min(checked, volume.size.bytes)),
                total: volume.size
            )
        )
    }

    private func verified() {
        let store = core.store
        let volume = volume
        let generation = GenerationRecord(
            number: 0,
            pass: end.pass,
            root: end.root.description,
            isConsistent: end.consistency == .consistent,
            startedAt: end.startedAt.description,
            endedAt: end.endedAt.description,
            verifiedAt: UTCTime.now().description,
            dataBytes: outcome.dataBytes,
            damagedBytes: outcome.damagedBytes,
            unusedBytes: outcome.unusedBytes
        )
        let end = end
        core.onIndexer(
            { () -> (Volume, UInt64) in
                // As the index has it now: the pass of an earlier run of the agent may have become one meanwhile.
                let record = try store.volumeRecord(job: volume.record.job, disk: volume.record.disk) ?? volume.record
                var generation = generation
                generation.number = min(record.lastGeneration, .max - 1) + 1
                try store.addGeneration(generation, to: volume)
                return (try store.reopened(volume), generation.number)
            },
            done: { [self] volume, number in
                StagingCore.count(1, core.counters.generations)
                core.logger.info(
                    "generation verified",
                    metadata: ["volume": "\(volume.record.name)", "generation": "\(number)"]
                )
                conclude(
                    .verified(disk: end.disk, pass: end.pass, generation: number, root: end.root),
                    volume
                )
            },
            failed: { [self] in fail($0) }
        )
    }

    private func repair() {
        let store = core.store
        let volume = volume
        let wrong = Array(outcome.wrong.sorted().prefix(StagingMessage.mostRepairs))
        StagingCore.count(wrong.count, core.counters.regionsRepaired)
        core.logger.warning(
            "read-back found regions that are not what they should be",
            metadata: ["volume": "\(volume.record.name)", "regions": "\(wrong.count)"]
        )
        core.onIndexer(
            { try store.forget(wrong, of: volume) },
            done: { [self] in
                conclude(.repair(disk: end.disk, pass: end.pass, regions: wrong))
            },
            failed: { [self] in fail($0) }
        )
    }

    private func conclude(_ answer: StagingMessage, _ volume: Volume? = nil) {
        session.answering(lane)?.lane.send(answer)
        core.finished(end.disk, session, volume: volume)
    }

    private func fail(_ error: any Error) {
        if let lane = session.answering(lane) { core.fail(lane, error) } else { core.giveUpIfIndexIsDead(error) }
        core.finished(end.disk, session, volume: nil)
    }
}
