internal import FerryCore
internal import FerryDisk
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// How the passes of a job follow on each other.
struct PassStage {
    /// What all disks are doing.
    enum Kind {
        /// Passes over disks that are written to.
        case ordinary
        /// The file systems are being frozen.
        case freezing
        /// The pass over frozen file systems.
        case final
    }

    var kind = Kind.ordinary
    /// When the first pass of the round began.
    var roundBegan = NIODeadline.now()
    /// Passes of the round so far.
    var passes = 1
    var freeze: FileSystemFreeze?
    var frozenAt = NIODeadline.now()
    /// Times that the file systems were frozen in the round.
    var freezes = 0
    var timer: Scheduled<Void>?
}

/// What comes after a pass: another, the final one over frozen file systems, a rest, or the end.
extension JobDriver {
    /// So little may have changed in a pass that the final one, with everything standing still, will be short.
    private static let fewBytes = 64 << 20
    /// After so many passes the final one comes, however much still changes.
    private static let mostPasses = 5
    /// So often the file systems are frozen when the limit comes before the pass is done: each time less is left to do.
    private static let mostFreezes = 3

    /// Every disk's pass has ended in a generation.
    func passesEnded() {
        guard stage.timer == nil else { return }
        switch stage.kind {
        case .freezing: return
        case .ordinary where configuration.freezeLimit != nil:
            let changed = disks.reduce(0) { $0 + $1.changedBytes }
            if changed > JobDriver.fewBytes, stage.passes < JobDriver.mostPasses { return nextPasses() }
            return freeze()
        case .final where isFuzzy && (1..<JobDriver.mostFreezes).contains(stage.freezes):
            stage.kind = .ordinary
            return nextPasses()
        case .ordinary, .final: break
        }
        guard let interval = configuration.interval else {
            return succeed(
                ReplicationOutcome(
                    damaged: ByteCount(disks.reduce(0) { $0 + $1.damagedBytes }),
                    isFuzzyThoughFrozen: configuration.freezeLimit != nil && isFuzzy
                )
            )
        }
        rest(interval)
    }

    private var isFuzzy: Bool { disks.contains { $0.consistency == .fuzzy } }

    private func rest(_ interval: Duration) {
        let elapsed = NIODeadline.now() - stage.roundBegan
        let whole = TimeAmount(interval)
        let delay = max(.seconds(1), whole - elapsed)
        tell(.resting(delay: .nanoseconds(delay.nanoseconds)))
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        stage.timer = eventLoop.scheduleTask(in: delay) {
            bound.value.stage = PassStage()
            bound.value.stage.passes = 0
            bound.value.nextPasses()
        }
    }

    private func nextPasses() {
        stage.passes += 1
        for disk in disks {
            do {
                try begin(disk)
            } catch {
                return fail(error)
            }
        }
    }

    private func begin(_ disk: DiskJob) throws {
        let size = try disk.disk.currentSize()
        guard size == disk.size else {
            throw FerryError(
                .diskChangedSize,
                operation: "go on with",
                subject: disk.disk.name,
                cause: "it had \(disk.size) and now has \(size)",
                advice: "Start the job again: it goes on with the new size."
            )
        }
        disk.pass += 1
        disk.startedAt = .now()
        try disk.map.begin(pass: disk.pass, at: disk.startedAt)
        look(at: disk, isResumed: false)
    }

    // MARK: The final pass

    private func freeze() {
        guard let limit = configuration.freezeLimit else { return }
        let table = MountTable.current()
        var mounts: [MountedFileSystem] = []
        for disk in disks {
            mounts += table.fileSystems(on: disk.disk).filter { mount in !mounts.contains(mount) }
        }
        stage.kind = .freezing
        guard !mounts.isEmpty else {
            for disk in disks {
                tell(.finding(disk: disk.name.name, text: "no file system of it is mounted here: nothing to freeze"))
            }
            stage.kind = .final
            return nextPasses()
        }
        let found = mounts
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { FileSystemFreeze.writeBack(found) }.whenSuccess {
            if !bound.value.isOver { bound.value.freeze(found, for: limit) }
        }
    }

    private func freeze(_ mounts: [MountedFileSystem], for limit: Duration) {
        do {
            // The agent's state may lie on what is about to be frozen, and a writer to that hangs.
            for disk in disks { try disk.map.divert() }
        } catch {
            return fail(error)
        }
        tell(.freezing(mountPoints: mounts.map(\.mountPoint)))
        stage.frozenAt = .now()
        stage.freezes += 1
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) {
            try FileSystemFreeze(of: mounts, for: limit)
        }.whenComplete { result in
            let driver = bound.value
            // A freeze that nobody waits for any more is thawed by being forgotten.
            guard !driver.isOver else { return }
            switch result {
            case .failure(let error): driver.notFrozen(error)
            case .success(let freeze): driver.frozen(freeze, for: limit)
            }
        }
    }

    private func frozen(_ freeze: FileSystemFreeze, for limit: Duration) {
        stage.freeze = freeze
        stage.frozenAt = .now()
        stage.kind = .final
        tell(.frozen(mountPoints: freeze.fileSystems.map(\.mountPoint), limit: limit))
        for mount in freeze.notFrozen {
            tellAll(
                "\(mount.mountPoint) (\(mount.type)) cannot be frozen; it is watched whether something is written to it"
            )
        }
        nextPasses()
    }

    /// The file systems are as they were. Somebody else may have frozen one, or it took too long: that can be better the
    /// next time.
    private func notFrozen(_ error: any Error) {
        guard thawed(inTime: false) else { return }
        guard let error = error as? FerryError, error.retry == .later else { return fail(error) }
        tellAll("\(error.summary); the generation is fuzzy unless it can be frozen the next time")
        for disk in disks { disk.consistency = .fuzzy }
        stage.kind = .final
        passesEnded()
    }

    private func tellAll(_ text: String) {
        for disk in disks { tell(.finding(disk: disk.name.name, text: text)) }
    }

    /// Thaws at once what its watching process no longer watches over; the pass goes on, and is fuzzy.
    func watchFreeze() {
        guard let freeze = stage.freeze, !freeze.isHeld else { return }
        endFreeze(freeze)
    }

    private func endFreeze(_ freeze: FileSystemFreeze) {
        stage.freeze = nil
        var inTime = true
        do { try freeze.thaw() } catch { inTime = false }
        _ = thawed(inTime: inTime)
    }

    /// - Returns: false if what was to be remembered meanwhile could not be, which ends the job.
    private func thawed(inTime: Bool) -> Bool {
        do {
            for disk in disks { try disk.map.endDiversion() }
        } catch {
            fail(error)
            return false
        }
        let lasted = NIODeadline.now() - stage.frozenAt
        tell(.thawed(after: .nanoseconds(lasted.nanoseconds), inTime: inTime))
        return true
    }

    // MARK: Consistency

    /// Whether it is known whether everything the pass has read of a disk is of one moment. If not, that is found out,
    /// and the driver is pumped then. Once it is known of the last disk, the file systems are thawed.
    func isSettled(_ disk: DiskJob) -> Bool {
        if disk.isSettled { return true }
        guard !disk.isSettling else { return false }
        disk.isSettling = true
        let stillness = disk.stillness
        let pass = disk.pass
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { stillness?.disturbance() }.whenSuccess { disturbance in
            let (driver, disk) = bound.value
            disk.isSettling = false
            guard !driver.isOver, disk.pass == pass, disk.isDrained else { return }
            driver.settle(disk, disturbance)
            driver.pump()
        }
        return false
    }

    private func settle(_ disk: DiskJob, _ disturbance: String?) {
        let isStill = disk.stillness != nil && disturbance == nil
        disk.isSettled = true
        guard let freeze = stage.freeze else {
            disk.consistency = disk.isWhole && isStill ? .consistent : .fuzzy
            return
        }
        // Without the kernel's counters the freeze has to be believed; of an image file it says nothing.
        let isKnown = disk.stillness != nil || disk.disk.geometry.kind == .blockDevice
        disk.consistency = disk.isWhole && freeze.isHeld && isKnown && disturbance == nil ? .consistent : .fuzzy
        if freeze.isHeld, let disturbance {
            let text =
                "\(disturbance) while its file systems were frozen, by what is not frozen; the generation is fuzzy"
            tell(.finding(disk: disk.name.name, text: text))
        }
        if disks.allSatisfy(\.isSettled) { endFreeze(freeze) }
    }
}
