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
            return succeed(isAsAsked: configuration.freezeLimit == nil || !isFuzzy)
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
        do {
            // The agent's state may lie on what is about to be frozen, and a writer to that hangs.
            for disk in disks { try disk.map.divert() }
        } catch {
            return fail(error)
        }
        tell(.freezing(mountPoints: mounts.map(\.mountPoint)))
        let found = mounts
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) {
            try FileSystemFreeze(of: found, for: limit)
        }.whenComplete { result in
            let driver = bound.value
            switch result {
            case .failure(let error): driver.fail(error)
            case .success(let freeze):
                driver.stage.freeze = freeze
                driver.stage.frozenAt = .now()
                driver.stage.freezes += 1
                driver.stage.kind = .final
                driver.tell(.frozen(mountPoints: freeze.fileSystems.map(\.mountPoint), limit: limit))
                driver.nextPasses()
            }
        }
    }

    /// Everything of the disk's pass is durable: now it is known whether it is of one moment. Once the last disk has
    /// come so far, the file systems are thawed.
    func settleConsistency(of disk: DiskJob) {
        if let freeze = stage.freeze {
            disk.consistency = disk.isWhole && freeze.isHeld ? .consistent : .fuzzy
            guard disks.allSatisfy({ $0.phase == .verifying || $0.phase == .done }) else { return }
            stage.freeze = nil
            var inTime = true
            do { try freeze.thaw() } catch { inTime = false }
            do {
                for disk in disks { try disk.map.endDiversion() }
            } catch {
                return fail(error)
            }
            if !inTime { disk.consistency = .fuzzy }
            let lasted = NIODeadline.now() - stage.frozenAt
            tell(.thawed(after: .nanoseconds(lasted.nanoseconds), inTime: inTime))
        } else if let hold = disk.hold {
            disk.consistency = disk.isWhole && hold.isHeld ? .consistent : .fuzzy
            disk.hold = nil
        }
    }
}
