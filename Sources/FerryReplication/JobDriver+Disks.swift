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
        disk.hold = stage.freeze == nil ? DiskHold(disk.disk) : nil
        disk.scanned = 0
        disk.repairRounds = 0
        let source = disk.disk
        let selection: BlockSelection = configuration.copiesAllBlocks ? .allBlocks : .usedBlocks
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { () throws -> DiskUsage in
            // Only a device's cache can be behind what a mounted file system has written below it; that of an image
            // file is what its writers write to.
            if source.geometry.kind == .blockDevice { source.discardCache() }
            return try DiskUsage(of: source, selecting: selection)
        }.whenComplete { result in
            let (driver, disk) = bound.value
            switch result {
            case .failure(let error): driver.fail(error)
            case .success(let usage):
                disk.usage = usage
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
}
