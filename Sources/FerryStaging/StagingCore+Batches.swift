internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Batches from their offer until all of them is written.
extension StagingCore {
    /// So many batches of one lane may be under way: far more than an agent has memory for.
    private static let mostBatches = 4096
    /// What a part costs besides its content, so that also empty ones make a lane slow down.
    private static let partCost = 1024

    func take(_ offer: Offer, _ session: JobSession, _ lane: LaneSession) throws {
        guard let volume = session.volumes[offer.disk] else {
            throw StagingCore.unexpected("an offer for an unknown disk")
        }
        guard lane.batches.count < StagingCore.mostBatches else {
            throw StagingCore.unexpected("more than \(StagingCore.mostBatches) batches at a time")
        }
        let memory = offerMemory(of: lane.agent)
        guard !memory.isFull else { throw StagingCore.tooManyOffers(lane.agent) }
        let batch = Batch(offer, volume: volume, memory: memory)
        // In the order of the offers, whichever begins first: DURABLE speaks of all batches up to one.
        lane.batches.append(batch)
        session.regions.claim(batch)
        // What is read back shall be what the end of the pass spoke of.
        if let ending = session.readingBack[offer.disk] { ending.hasBehind(batch) }
        guard batch.isWaiting else { return start(batch, offer, session, lane) }
        session.blocked[ObjectIdentifier(batch)] = batch
        batch.start = { [self] in
            session.blocked[ObjectIdentifier(batch)] = nil
            start(batch, offer, session, lane)
        }
    }

    private static func tooManyOffers(_ agent: AgentName) -> FerryError {
        FerryError(
            .wireUnexpected,
            operation: "take",
            subject: "another offer of agent \(agent)",
            cause: "those that are not done hold more than \(ByteCount(OfferMemory.most)) of memory",
            advice: "Give each source server an identity of its own; Ferry tries again by itself.",
            retry: .later
        )
    }

    /// Begins `batches`, which have waited for others.
    func start(_ batches: [Batch]) {
        for batch in batches {
            let start = batch.start
            batch.start = nil
            start?()
        }
    }

    private func start(_ batch: Batch, _ offer: Offer, _ session: JobSession, _ lane: LaneSession) {
        // The read-back that it may have waited for has made the volume anew.
        batch.volume = session.volumes[offer.disk] ?? batch.volume
        session.regions.begin(batch)
        let cost = batch.cost
        lane.queue(cost)
        let store = store
        let volume = batch.volume
        let sharing = sharing
        onWorker(
            { memory in
                try OfferResolution.resolve(offer, volume: volume, store: store, sharing: sharing, memory: memory)
            },
            session
        ) { [self] resolution in
            lane.queue(-cost)
            batch.resolution = resolution
            batch.grow(by: resolution.recordBytes)
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
            lane.queue(-cost)
            batch.resolution = OfferResolution()
            batch.isAbandoned = true
            fail(lane, error)
            progress(batch, session, lane)
        }
    }

    func take(_ part: DataPart, _ session: JobSession, _ lane: LaneSession) throws {
        guard let batch = lane.batches.first(where: { $0.number == part.batch }), let resolution = batch.resolution,
            Int(part.firstNeeded) == batch.nextNeeded,
            Int(part.firstNeeded) + Int(part.runs) <= resolution.needed.count
        else { throw StagingCore.unexpected("a part that was not asked for") }
        let runs = resolution.needed[Int(part.firstNeeded)..<(Int(part.firstNeeded) + Int(part.runs))]
        batch.nextNeeded += Int(part.runs)
        batch.partsUnderWay += 1
        let length = part.content.readableBytes
        batch.receivedBytes += length
        StagingCore.count(length, counters.bytesReceived)
        lane.queue(length + StagingCore.partCost)
        let store = store
        let volume = batch.volume
        onWorker(
            { memory in
                try PartApplication.apply(part, runs: runs, volume: volume, store: store, memory: memory)
            },
            session
        ) { [self] outcome in
            batch.partsUnderWay -= 1
            batch.outOfStep.formUnion(outcome.outOfStep)
            StagingCore.count(outcome.bytesWritten, counters.chunkBytesWritten)
            written[ObjectIdentifier(volume.storage)] = volume
            lane.queue(-length - StagingCore.partCost)
            progress(batch, session, lane)
        } failed: { [self] error in
            batch.partsUnderWay -= 1
            batch.isAbandoned = true
            lane.queue(-length - StagingCore.partCost)
            fail(lane, error)
            progress(batch, session, lane)
        }
    }

    /// Sees whether a batch is complete, and if so hands it to the next checkpoint; or whether it was given up and no
    /// task works on it any more.
    private func progress(_ batch: Batch, _ session: JobSession, _ lane: LaneSession) {
        if batch.isAbandoned { return letGo(batch, session) }
        guard batch.isComplete, !batch.isApplied, let resolution = batch.resolution else { return }
        batch.isApplied = true
        batch.volume.note(resolution.records.filter { !batch.outOfStep.contains($0.0) })
        batch.resolution?.records = []
        if !batch.outOfStep.isEmpty {
            StagingCore.count(batch.outOfStep.count, counters.regionsRepaired)
            lane.lane.send(.repair(disk: batch.disk, pass: 0, regions: Array(batch.outOfStep)))
        }
        applied.append((batch, lane, batch.volume))
        session.undurableBatches += 1
        start(session.regions.finish(batch))
        moveOn(session)
        checkpointIfDue()
    }

    /// Gives up what `lane` carries, as far as it is not written.
    func withdraw(_ lane: LaneSession) {
        guard let session = lane.session else { return }
        let batches = lane.batches
        lane.batches.removeAll()
        for batch in batches where !batch.isApplied { abandon(batch, session) }
    }

    func abandon(_ batch: Batch, _ session: JobSession) {
        guard !batch.isApplied, !batch.isAbandoned else { return }
        batch.isAbandoned = true
        batch.start = nil
        session.blocked[ObjectIdentifier(batch)] = nil
        letGo(batch, session)
    }

    /// Lets go of the regions of a batch that was given up, once no task works on it.
    private func letGo(_ batch: Batch, _ session: JobSession) {
        guard batch.isIdle else { return }
        start(session.regions.finish(batch))
        moveOn(session)
    }

    /// Goes on with what waits until no batch is live: the ends of passes, and the end of the session itself.
    func moveOn(_ session: JobSession) {
        if session.isQuiet, !session.endings.isEmpty { checkpointIfDue() }
        endPassesIfReady(session)
        if session.lanes.isEmpty, session.isQuiet, session.readingBack.isEmpty, sessions[session.job] === session {
            sessions[session.job] = nil
        }
        if let successor = session.successor { moveOn(successor) }
    }
}
