internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Batches from their offer until all of them is written.
extension StagingCore {
    /// So many batches of one lane may be under way: far more than an agent has memory for.
    private static let mostBatches = 4096

    func take(_ offer: Offer, _ session: JobSession, _ lane: LaneSession) throws {
        guard let volume = session.volumes[offer.disk] else {
            throw StagingCore.unexpected("an offer for an unknown disk")
        }
        guard lane.batches.count < StagingCore.mostBatches else {
            throw StagingCore.unexpected("more than \(StagingCore.mostBatches) batches at a time")
        }
        let batch = Batch(offer, volume: volume.record.number)
        // In the order of the offers, whichever begins first: DURABLE speaks of all batches up to one.
        lane.batches.append(batch)
        guard !session.isBlocked(batch) else { return session.blocked.append((batch, offer, lane)) }
        start(batch, offer, session, lane)
    }

    private func start(_ batch: Batch, _ offer: Offer, _ session: JobSession, _ lane: LaneSession) {
        guard let volume = session.volumes[offer.disk] else { return }
        session.live.append(batch)
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

    func take(_ part: DataPart, _ session: JobSession, _ lane: LaneSession) throws {
        guard let batch = lane.batches.first(where: { $0.number == part.batch }), let resolution = batch.resolution,
            let volume = session.volumes[batch.disk], Int(part.firstNeeded) == batch.nextNeeded,
            Int(part.firstNeeded) + Int(part.runs) <= resolution.needed.count
        else { throw StagingCore.unexpected("a part that was not asked for") }
        let runs = resolution.needed[Int(part.firstNeeded)..<(Int(part.firstNeeded) + Int(part.runs))]
        batch.nextNeeded += Int(part.runs)
        batch.partsUnderWay += 1
        let length = part.content.readableBytes
        batch.receivedBytes += length
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
        session.undurableBatches += 1
        release(session)
        checkpointIfDue()
    }

    /// Lets go of the regions of batches that are done, and starts what waited for them.
    func release(_ session: JobSession) {
        session.live.removeAll { $0.isApplied || ($0.isAbandoned && $0.isIdle) }
        let waiting = session.blocked
        session.blocked = []
        for (batch, offer, lane) in waiting {
            if session.isBlocked(batch) {
                session.blocked.append((batch, offer, lane))
            } else {
                start(batch, offer, session, lane)
            }
        }
        if session.live.isEmpty, session.blocked.isEmpty, !session.endings.isEmpty { checkpointIfDue() }
        endPassesIfReady(session)
        if session.lanes.isEmpty, session.live.isEmpty, session.readingBack.isEmpty, sessions[session.job] === session {
            sessions[session.job] = nil
        }
        if let successor = session.successor { release(successor) }
    }
}
