internal import FerryAddress
internal import FerryCore
internal import FerryImage
internal import FerryResolver
internal import FerryTransport
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// Opening lanes and hearing what comes over them.
extension JobDriver {
    // MARK: Opening

    func dialIfDue() {
        guard !isOver, lanes.count < configuration.lanes else { return }
        let now = NIODeadline.now()
        let (index, wait) = endpoints.next(at: now)
        guard let index else {
            guard let wait else { return }
            sayWaiting(wait)
            return dialLater(wait)
        }
        endpoints.began(index)
        laneCount += 1
        let lane = AgentLane(endpoint: index, number: laneCount)
        lanes.append(lane)
        resolve(endpoints.endpoints[index].address, for: lane)
    }

    private func dialLater(_ wait: TimeAmount) {
        dialTimer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        dialTimer = eventLoop.scheduleTask(in: wait + .milliseconds(1)) { bound.value.dialIfDue() }
    }

    /// Nobody shall wonder for more than two seconds what is being waited for.
    private func sayWaiting(_ wait: TimeAmount) {
        let now = NIODeadline.now()
        guard !lanes.contains(where: \.isOpen), now - lastWaiting >= .seconds(2) else { return }
        lastWaiting = now
        tell(
            .waiting(
                delay: .nanoseconds(wait.nanoseconds),
                since: .nanoseconds((now - (unreachableSince ?? now)).nanoseconds),
                why: lastFailure
            )
        )
    }

    private func resolve(_ address: EndpointAddress, for lane: AgentLane) {
        let bound = NIOLoopBound((driver: self, lane: lane), eventLoop: eventLoop)
        resolving.runIfActive(eventLoop: eventLoop) {
            try Resolver(.ofThisServer()).endpoints(of: address)
        }.whenComplete { result in
            let (driver, lane) = bound.value
            do {
                guard let target = try result.get().first else { return }
                let socket = try SocketAddress(ipAddress: target.address.description, port: Int(target.port))
                driver.dial(socket, lane)
            } catch {
                driver.lost(lane, FerryError.wrapping(error, address.description), nil)
            }
        }
    }

    private func dial(_ address: SocketAddress, _ lane: AgentLane) {
        openLane(
            address,
            budget,
            Lane.Callbacks(
                onOpen: { [self] connection, _ in greet(connection, lane) },
                onFrame: { [self] _, frame in hear(frame, lane) },
                onDrain: { [self] _ in pump() },
                onEnd: { [self] end in lost(lane, end.error, end) }
            )
        )
    }

    private func greet(_ connection: Lane, _ lane: AgentLane) {
        guard !isOver else { return connection.close() }
        lane.lane = connection
        connection.send(
            .hello(
                Hello(
                    job: configuration.job.name,
                    epoch: epoch,
                    lane: lane.number,
                    liveLanes: lanes.map(\.number),
                    release: configuration.release,
                    clock: .now()
                )
            )
        )
    }

    // MARK: Hearing

    private func hear(_ frame: Frame, _ lane: AgentLane) {
        do {
            try handle(try StagingMessage(frame), lane)
        } catch let error as FerryError where error.code == .stateUnusable {
            fail(error)
        } catch {
            lane.lane?.close(error as? FerryError)
        }
    }

    private func handle(_ message: StagingMessage, _ lane: AgentLane) throws {
        if case .pong = message {} else { answers += 1 }
        switch message {
        case .welcome(let welcome): opened(lane, welcome)
        case .refuse(let refusal): refused(lane, refusal)
        case .diskState(let state): try opened(state, lane)
        case .need(let need): needed(need, lane)
        case .durable(let batch): try durable(upTo: batch, lane)
        case .verifying(let disk, let done, let total): verifying(Int(disk), done, total)
        case .verified(let disk, let pass, let generation, let root):
            try verified(Int(disk), pass, generation, root)
        case .repair(let disk, 0, let regions): try repair(Int(disk), regions, ofBatchesOn: lane)
        case .repair(let disk, let pass, let regions): repair(Int(disk), pass, regions)
        case .pong, .measured: break
        }
    }

    private func opened(_ lane: AgentLane, _ welcome: Welcome) {
        guard let connection = lane.lane else { return }
        guard WireVersion.common(with: welcome.version, welcome.version) == welcome.version else {
            return fail(
                FerryError(
                    .wireVersion,
                    operation: "speak",
                    subject: "with the staging server at \(connection.peer)",
                    cause: "it chose version \(welcome.version) of the protocol, which was not offered",
                    advice: "Install the same release of Ferry on both sides."
                )
            )
        }
        connection.phase = .transfer
        if !lane.isOpen { endpoints.opened(lane.endpoint) }
        lane.isOpen = true
        unreachableSince = nil
        tell(
            .laneStarted(
                endpoint: endpoints.endpoints[lane.endpoint].address.description,
                source: connection.local,
                observed: welcome.observedAddress,
                roundTrip: .nanoseconds((NIODeadline.now() - lane.dialedAt).nanoseconds)
            )
        )
        for disk in disks {
            connection.send(
                .openDisk(
                    OpenDisk(
                        disk: UInt16(disk.index),
                        name: disk.name.name,
                        identity: disk.identity,
                        size: disk.size,
                        cutRule: CutRule.version
                    )
                )
            )
        }
        if lanes.count < configuration.lanes { dialIfDue() }
    }

    private func refused(_ lane: AgentLane, _ refusal: Refusal) {
        let error = FerryError(
            ErrorCode(refusal.code, .failure),
            operation: "go on",
            subject: "because the staging server refuses",
            cause: refusal.text,
            advice: refusal.advice,
            retry: refusal.mayRetry ? .later : .permanent
        )
        guard refusal.mayRetry else { return fail(error) }
        endpoints.refused(lane.endpoint)
        lane.lane?.close(error)
    }

    private func opened(_ state: DiskState, _ lane: AgentLane) throws {
        guard Int(state.disk) < disks.count, state.lastPass < UInt64(1) << 60 else { return }
        let disk = disks[Int(state.disk)]
        lane.openDisks.insert(disk.index)
        guard disk.phase == .opening else { return pump() }
        if disk.map.volume != state.volume {
            if disk.map.volume != (0, 0) {
                tell(
                    .finding(
                        disk: disk.name.name,
                        text: "the staging server has another volume than before; everything is offered anew"
                    )
                )
            }
            try disk.map.reset(volume: state.volume)
        }
        let isResumed = disk.map.pass > state.lastPass
        disk.pass = isResumed ? disk.map.pass : max(state.lastPass, disk.map.pass) + 1
        disk.startedAt = isResumed ? disk.map.passStartedAt : .now()
        if !isResumed { try disk.map.begin(pass: disk.pass, at: disk.startedAt) }
        look(at: disk, isResumed: isResumed)
    }

    private func needed(_ need: Need, _ lane: AgentLane) {
        guard let batch = lane.batches.first(where: { $0.number == need.batch }), batch.needed == nil else { return }
        endpoints.worked(lane.endpoint)
        batch.needed = need.needed
        batch.outOfStep = Set(need.outOfStep).intersection(batch.regions.map(\.offered.index))
        let disk = disks[batch.disk]
        disk.again.insert(contentsOf: batch.outOfStep.map(Int.init))
        // What stands on nothing else cannot be out of step: it would be sent for ever.
        let isBroken = batch.regions.contains { $0.offered.standsAlone && batch.outOfStep.contains($0.offered.index) }
        if isBroken, !countRepair(of: disk) { return }
        var bytesThere = 0
        var answer = 0
        for region in batch.regions where !batch.outOfStep.contains(region.offered.index) {
            for run in region.offered.runs where run.kind == .chunk || run.kind == .patch {
                if answer < need.needed.count, !need.needed[answer] {
                    bytesThere += min(
                        run.blocks * ImageLayout.blockSize,
                        region.length - run.start * ImageLayout.blockSize
                    )
                }
                answer += 1
            }
        }
        progress.alreadyThere += bytesThere
        if need.needed.contains(true) {
            lane.toPack.append(batch)
        } else {
            batch.isSent = true
            dropContent(of: batch)
        }
        pump()
    }

    private func durable(upTo number: UInt64, _ lane: AgentLane) throws {
        while let batch = lane.batches.first, batch.number <= number {
            guard batch.isSent else {
                throw FerryError.unexpected("the word that batch \(batch.number) is durable", "it was not sent yet")
            }
            endpoints.kept(lane.endpoint)
            lane.batches.removeFirst()
            lane.unacknowledgedBytes -= batch.packedBytes
            let disk = disks[batch.disk]
            disk.batches -= 1
            for region in batch.regions where !batch.outOfStep.contains(region.offered.index) {
                progress.durable += region.length
                try region.tags.withUnsafeBufferPointer {
                    try disk.map.remember(
                        Int(region.offered.index),
                        leaf: region.offered.leaf,
                        tags: $0,
                        pass: batch.pass
                    )
                }
            }
            for range in batch.emptyRanges {
                for index in range.first..<(range.first + range.count) {
                    let blocks = ImageLayout.blockCount(ofRegion: Int(index), disk: disk.size)
                    let leaf = RegionRecord(range.kind, blocks: blocks).leaf
                    try disk.map.remember(Int(index), empty: range.kind, leaf: leaf, pass: batch.pass)
                }
            }
        }
        pump()
    }

    private func verifying(_ index: Int, _ done: ByteCount, _ total: ByteCount) {
        guard index < disks.count else { return }
        let total = min(total, disks[index].size)
        tell(.verifying(disk: disks[index].name.name, done: min(done, total), total: total))
    }
}

extension FerryError {
    /// The staging server said something that has no place at this point.
    static func unexpected(_ what: String, _ cause: String) -> FerryError {
        FerryError(
            .wireUnexpected,
            operation: "take",
            subject: what,
            cause: cause,
            advice: "Ferry connects anew by itself; install the same release of Ferry on both sides.",
            retry: .reconnect
        )
    }

    /// `error` as a `FerryError`; one of another kind is told as it is.
    static func wrapping(_ error: any Error, _ subject: String) -> FerryError {
        error as? FerryError
            ?? FerryError(
                .laneEnded,
                operation: "connect",
                subject: "to \(subject)",
                cause: "\(error)",
                advice: "Ferry tries again by itself.",
                retry: .reconnect
            )
    }
}
