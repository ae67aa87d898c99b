internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore
internal import NIOPosix

/// Telling the end of a pass, once everything of it is durable.
extension JobDriver {
    func endPasses() {
        for disk in disks where disk.isDrained && !disk.endWasSent {
            // Everything is durable: nobody is kept waiting for a network that is away.
            guard isSettled(disk) else { continue }
            guard let root = disk.map.knownRoot else {
                makeRoot(of: disk)
                continue
            }
            guard let lane = lanes.first(where: { $0.openDisks.contains(disk.index) })?.lane else { continue }
            disk.root = root
            disk.endWasSent = true
            disk.phase = .verifying
            lane.send(
                .endPass(
                    EndPass(
                        disk: UInt16(disk.index),
                        pass: disk.pass,
                        consistency: disk.consistency,
                        root: root,
                        startedAt: disk.startedAt,
                        endedAt: .now()
                    )
                )
            )
        }
    }

    private func makeRoot(of disk: DiskJob) {
        guard !disk.isRootUnderWay else { return }
        disk.isRootUnderWay = true
        let map = disk.map
        let bound = NIOLoopBound((driver: self, disk: disk), eventLoop: eventLoop)
        workers.runIfActive(eventLoop: eventLoop) { map.makeRoot() }.whenSuccess { root in
            let (driver, disk) = bound.value
            disk.isRootUnderWay = false
            // A region is not remembered: its entry was damaged since it was written.
            if root == nil, disk.isDrained { disk.nextRegion = 0 }
            driver.pump()
        }
    }
}
