internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Giving up lanes that are dead or lead nowhere, and taking back what they carried.
extension JobDriver {
    /// A lane that hears nothing for so long, though it asked, is dead.
    private static let silence = TimeAmount.seconds(20)
    /// A lane whose segments are acknowledged, though no answer comes, is dead after so long.
    private static let patience = TimeAmount.seconds(120)
    /// Keep-alives: shorter than the shortest idle timer that is common on the way (30 s).
    private static let pingInterval = TimeAmount.seconds(5)

    /// Asks a quiet lane whether it lives, and gives up one that does not answer.
    func watch(_ lane: AgentLane) {
        guard let connection = lane.lane, connection.channel.isActive else { return }
        let now = NIODeadline.now()
        // On a slow link the answer to a ping waits behind what is still on its way; acknowledgements do not.
        let isAcknowledging =
            connection.sample.map {
                $0.sinceAcknowledgement < 20_000 && (connection.outstanding > 0 || $0.unacknowledged > 0)
            } ?? false
        let patience = isAcknowledging ? JobDriver.patience : JobDriver.silence
        if now - max(connection.lastHeardAt, awake.since) > patience {
            return connection.close(
                FerryError(
                    .peerSilent,
                    operation: "go on",
                    subject: "over the connection to \(connection.peer)",
                    cause: "nothing came for \(patience.nanoseconds / 1_000_000_000) s",
                    advice: "Ferry tries again by itself.",
                    retry: .reconnect
                ),
                closedBy: .nobody
            )
        }
        if lane.isOpen, now - lane.lastPing > JobDriver.pingInterval {
            lane.lastPing = now
            connection.send(.ping(token: UInt64(now.uptimeNanoseconds)))
        }
    }

    func lost(_ lane: AgentLane, _ error: FerryError?, _ end: LaneEnd?) {
        // A connection holds on to whoever hears it: without this neither would ever go away.
        defer { lane.lane = nil }
        guard let place = lanes.firstIndex(where: { $0 === lane }) else { return }
        lanes.remove(at: place)
        closedLanesSent += lane.lane?.bytesSent.int ?? 0
        guard !isOver else { return }
        let now = NIODeadline.now()
        endpoints.ended(lane.endpoint, wasOpen: lane.isOpen, at: now)
        if let end { tell(.laneEnded(end)) }
        if let error {
            lastFailure = "\(error.summary)"
            endpoints.failed(lane.endpoint, error)
            // One endpoint that can never work is no reason to give up on the others.
            if let hopeless = endpoints.hopeless { return fail(hopeless) }
        }
        if lane.isOpen { progress.interruptions += 1 }
        if unreachableSince == nil, !lanes.contains(where: \.isOpen) { unreachableSince = now }
        takeBack(lane)
        // The end of a pass, or the answer to it, may have died with the lane: it is told again.
        for disk in disks where disk.phase == .verifying && lane.isOpen {
            disk.endWasSent = false
            disk.phase = .scanning
        }
        dialIfDue()
        pump()
    }

    /// Batches whose content is still here are offered again as they are; the others are read again.
    private func takeBack(_ lane: AgentLane) {
        for batch in lane.batches.reversed() where !batch.isBeingPacked {
            if batch.hasContent {
                ready.prepend(batch)
                continue
            }
            progress.sentAgain += batch.packedBytes
            let disk = disks[batch.disk]
            disk.batches -= 1
            for region in batch.allRegions {
                if batch.isRepair { disk.repairs.insert(region) } else { disk.again.insert(region) }
            }
        }
        lane.batches.removeAll()
        lane.toPack.removeAll()
    }

    /// Connects anew when nothing moves though the connections live.
    func watchForStall(isLate: Bool) {
        let now = NIODeadline.now()
        let open = lanes.filter(\.isOpen)
        let isQuiet = open.allSatisfy {
            ($0.lane?.outstanding ?? 0) == 0 && ($0.lane?.sample?.unacknowledged ?? 0) == 0
        }
        let isAtWork =
            scansUnderWay + packsUnderWay > 0
            || disks.contains { $0.phase == .usageUnderWay || $0.isSettling || $0.isRootUnderWay }
        let waits = !isLate && !open.isEmpty && isQuiet && !isAtWork && stage.timer == nil && stage.kind != .freezing
        let position = StallWatch.Position(scanned: progress.scanned, packed: progress.packed, answers: answers)
        guard let elapsed = stall.note(position, waitsForAnswer: waits, at: now) else { return }
        let offered = open.reduce(0) { $0 + $1.batches.count }
        let unanswered = open.reduce(0) { sum, lane in sum + lane.batches.count { $0.needed == nil } }
        tell(
            .stalled(
                since: .nanoseconds(elapsed.nanoseconds),
                says: "\(offered) batches are not durable, of which \(unanswered) are not answered; "
                    + "\(ready.count) wait to be offered; \(freeBuffers.count) of \(bufferCount) buffers are free; "
                    + "disks: \(disks.map { "\($0.name) \($0.phase)" }.joined(separator: ", "))"
            )
        )
        for lane in open {
            lane.lane?.close(
                FerryError(
                    .peerStalled,
                    operation: "go on",
                    subject: "over the connection to \(lane.lane?.peer ?? "the staging server")",
                    cause: "nothing moved for \(elapsed.nanoseconds / 1_000_000_000) s although it lives",
                    advice: "Ferry connects anew by itself; look at the staging server's log and disk.",
                    retry: .reconnect
                )
            )
        }
    }
}
