internal import FerryCore
internal import FerryDisk
internal import FerryWire
internal import NIOCore
internal import NIOPosix

extension JobDriver {
    /// Finds out which blocks of a disk are in use, and then begins to scan.
    func look(at disk: DiskJob, isResumed: Bool) {
        disk.phase = .usageUnderWay
        disk.begun = .now()
        disk.nextRegion = 0
        disk.isWhole = !isResumed
        disk.consistency = .fuzzy
        disk.changedBytes = 0
        disk.endWasSent = false
        disk.stillness = nil
        disk.isSettled = false
        disk.damagedBytes = 0
        disk.scanned = 0
        disk.repairRounds = 0
        let source = disk.disk
        let selection: BlockSelection = configuration.copiesAllBlocks ? .allBlocks : .usedBlocks
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        let isFrozen = stage.freeze != nil
        workers.runIfActive(eventLoop: eventLoop) { () throws -> (DiskUsage, DiskStillness?) in
            // Only a device's cache can be behind what a mounted file system has written below it; that of an image
            // file is what its writers write to.
            if source.geometry.kind == .blockDevice { source.discardCache() }
            let stillness = DiskStillness(of: source, use: isFrozen ? .frozen : .none)
            return (try DiskUsage(of: source, selecting: selection, areFrozen: isFrozen), stillness)
        }.whenComplete { result in
            let (driver, disk) = bound.value
            switch result {
            case .failure(let error): driver.fail(error)
            case .success(let (usage, stillness)):
                let isFirst = disk.usage == nil
                disk.usage = usage
                if isFirst { do { try driver.requireRoom() } catch { return driver.fail(error) } }
                disk.stillness = stillness
                disk.phase = .scanning
                for finding in usage.inspection.findings {
                    driver.tell(.finding(disk: disk.name.name, text: finding.text))
                }
                driver.tell(
                    .passStarted(
                        disk: disk.name.name,
                        pass: disk.pass,
                        isResumed: isResumed,
                        used: usage.inspection.used,
                        size: disk.size
                    )
                )
                driver.pump()
            }
        }
    }

    /// What is to be remembered of the disks must find room, before hours are spent on a copy.
    private func requireRoom() throws(FerryError) {
        let missing = disks.reduce(0) { sum, disk in
            sum + (disk.usage.map { disk.map.missing(forContent: $0.inspection.used) } ?? 0)
        }
        try disks.first?.map.requireRoom(missing)
    }
}
