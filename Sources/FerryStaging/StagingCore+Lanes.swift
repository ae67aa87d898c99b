internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import Logging
internal import NIOCore

/// Admitting lanes, hearing what comes over them, and letting them go.
extension StagingCore {
    /// The largest disk that is taken: 1 PiB.
    private static let largestDisk = UInt64(1) << 50
    /// How long an agent may take from TLS to its hello.
    private static let helloTimeout = TimeAmount.seconds(10)
    /// So many bytes of answers may wait for an agent to take them: all that an honest one can have asked for.
    private static let mostOutstanding = 8 << 20
    /// What opening a disk costs until it is done, so that a lane that opens them without end slows down.
    private static let openCost = 64 << 10

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
                guard lane.outstanding <= StagingCore.mostOutstanding else {
                    return lane.close(StagingCore.deaf(lane), closedBy: .nobody)
                }
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
            logger.warning("refused a connection", metadata: ["peer": "\(end.destination)", "why": "\(error.logged)"])
        } else {
            logger.info(
                "lane ended",
                metadata: [
                    "peer": "\(end.destination)", "outcome": "\(end.outcome)",
                    "why": "\((end.error?.cause ?? "").logged)",
                ]
            )
        }
        if end.error != nil, end.phase == .transfer { laneDied?() }
        guard let lane, let session = lane.session else { return }
        session.lanes[ObjectIdentifier(lane)] = nil
        withdraw(lane)
        moveOn(session)
    }

    /// Closes `lane` because of `error`, and gives up what it carries.
    func fail(_ lane: LaneSession, _ error: any Error) {
        giveUpIfIndexIsDead(error)
        guard !lane.isRefused else { return }
        let error = StagingCore.ferryError(error)
        logger.warning("closing a lane", metadata: ["peer": "\(lane.lane.peer)", "why": "\(error.logged)"])
        lane.refuse(error)
        withdraw(lane)
    }

    /// What an agent is told of `error`. Whatever is wrong with this server's storage is mended here, and the agents wait
    /// for it.
    static func ferryError(_ error: any Error) -> FerryError {
        guard var error = error as? FerryError else {
            return FerryError(
                .stagingIndex,
                operation: "go on with",
                subject: "the job",
                cause: "\(error)",
                advice: "See the staging server's log.",
                retry: .later
            )
        }
        if [.stagingIndex, .stagingData, .volumeFailed].contains(error.code) { error.retry = .later }
        return error
    }

    private static func deaf(_ lane: Lane) -> FerryError {
        FerryError(
            .laneEnded,
            operation: "go on",
            subject: "over the connection to \(lane.peer)",
            cause: "it asks and does not take the answers",
            advice: "The agent connects again by itself.",
            retry: .reconnect
        )
    }

    private func handle(_ message: AgentMessage, on lane: LaneSession) throws {
        if case .hello(let hello) = message { return try admit(hello, lane) }
        if case .measure(let measure) = message { return try self.measure(measure, lane) }
        guard let session = lane.session else {
            throw StagingCore.unexpected("a message before the hello was answered")
        }
        guard session.successor == nil else { throw StagingCore.superseded(session.job) }
        switch message {
        case .hello, .measure: break
        case .openDisk(let open): try self.open(open, session, lane)
        case .offer(let offer): try take(offer, session, lane)
        case .data(let part): try take(part, session, lane)
        case .endPass(let end):
            guard session.volumes[end.disk] != nil else {
                throw StagingCore.unexpected("the end of a pass of an unknown disk")
            }
            session.endings[end.disk] = (end, lane)
            moveOn(session)
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
        guard !lane.hasSaidHello, let version = WireVersion.common(with: hello.oldestVersion, hello.newestVersion)
        else { throw StagingCore.unexpected("a second hello") }
        lane.hasSaidHello = true
        let job = try JobID(hello.job)
        try refuseIfEarlier(hello, of: job)
        let store = store
        let agent = lane.agent
        onIndexer({ try store.claim(job, for: agent) }, failing: lane) { [self] in
            // Meanwhile the lane may have ended, and a later run of the agent may have come.
            guard lane.lane.isUsable, !lane.isRefused else { return }
            do {
                try refuseIfEarlier(hello, of: job)
                try admit(lane, hello, job, version)
            } catch {
                fail(lane, error)
            }
        }
    }

    /// Of two runs of an agent the later has the job, as long as it is heard.
    private func refuseIfEarlier(_ hello: Hello, of job: JobID) throws {
        if let current = sessions[job], current.epoch > hello.epoch, current.isBusy {
            throw StagingCore.superseded(job)
        }
    }

    private func admit(_ lane: LaneSession, _ hello: Hello, _ job: JobID, _ version: UInt16) throws {
        let session: JobSession
        if let current = sessions[job], current.epoch == hello.epoch {
            session = current
        } else {
            session = JobSession(job: job, epoch: hello.epoch)
            if let former = sessions[job] { supersede(former, by: session) }
            sessions[job] = session
        }
        for former in session.lanes.values where !hello.liveLanes.contains(former.number) { drop(former) }
        guard session.lanes.values.count(where: { $0.lane.isUsable }) < JobSession.mostLanes else {
            throw StagingCore.unexpected("more than \(JobSession.mostLanes) lanes of one job")
        }
        lane.session = session
        lane.number = hello.lane
        lane.lane.phase = .transfer
        session.lanes[ObjectIdentifier(lane)] = lane
        lane.lane.send(
            .welcome(Welcome(version: version, release: release, clock: .now(), observedAddress: lane.lane.peer))
        )
        logger.info(
            "lane opened",
            metadata: [
                "job": "\(job)", "agent": "\(lane.agent)", "peer": "\(lane.lane.peer)", "lane": "\(hello.lane)",
            ]
        )
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

    private func supersede(_ former: JobSession, by session: JobSession) {
        session.succeed(former)
        for batch in former.blocked.values { abandon(batch, former) }
        for lane in former.lanes.values { fail(lane, StagingCore.superseded(former.job)) }
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
        try session.bind(open.disk, to: name, size: open.size)
        // A run of the agent before this one may still be writing to a volume that is about to be cut.
        let isBeingWritten =
            session.volumes[open.disk] == nil
            && session.regions.live.values.contains {
                $0.volume.record.disk == name.name && $0.volume.size != open.size
            }
        guard !isBeingWritten else { throw StagingCore.notReady(job, name) }
        lane.queue(StagingCore.openCost)
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
            done: { volume in
                lane.queue(-StagingCore.openCost)
                // Batches are written to one and the same, however often it is opened.
                if session.volumes[open.disk] == nil { session.volumes[open.disk] = volume }
                lane.lane.send(
                    .diskState(
                        DiskState(
                            disk: open.disk,
                            volume: volume.record.identifierWords,
                            lastPass: volume.record.lastPass
                        )
                    )
                )
            },
            failed: { [self] error in
                lane.queue(-StagingCore.openCost)
                fail(lane, error)
            }
        )
    }

    private static func notReady(_ job: JobID, _ disk: DiskName) -> FerryError {
        FerryError(
            .volumeNotReady,
            operation: "give its new size to",
            subject: "the volume \(job)/\(disk)",
            cause: "what an earlier run of the agent has sent is still being written",
            advice: "Ferry tries again by itself.",
            retry: .later
        )
    }
}
