internal import FerryCore
internal import FerryWire
internal import NIOCore

/// What the staging server finds of a pass: that it is verified, or what has to be sent again.
extension JobDriver {
    func verified(_ index: Int, _ pass: UInt64, _ generation: UInt64, _ root: Digest) throws {
        guard index < disks.count, disks[index].phase == .verifying, disks[index].pass == pass else { return }
        let disk = disks[index]
        guard root == disk.root else {
            guard countRepair(of: disk) else { return }
            throw FerryError(
                .otherManifest,
                operation: "verify",
                subject: "the volume of \(disk.name)",
                cause: "the staging server verified the manifest \(root), and this server sent "
                    + "\(disk.root.map(\.description) ?? "none")",
                advice: "Ferry asks again by itself; if it comes again, look at the staging server's log.",
                retry: .reconnect
            )
        }
        disk.phase = .done
        disk.generation = generation
        tell(
            .verified(
                disk: disk.name.name,
                pass: pass,
                generation: generation,
                root: root,
                seconds: Double((NIODeadline.now() - disk.begun).nanoseconds) / 1e9
            )
        )
        pump()
    }

    /// Content of a batch was not what its name says when it arrived; the batch goes on without these regions, however
    /// durable the rest of it is.
    func repair(_ index: Int, _ regions: [UInt32], ofBatchesOn lane: AgentLane) throws {
        guard !regions.isEmpty else {
            throw FerryError.unexpected("a repair while content is written", "it names no region")
        }
        let named = Set(regions)
        var found = 0
        var cameAgain = false
        for batch in lane.batches where batch.disk == index && batch.isSent {
            let wrong = named.intersection(batch.regions.map(\.offered.index)).subtracting(batch.outOfStep)
            guard !wrong.isEmpty else { continue }
            batch.outOfStep.formUnion(wrong)
            disks[index].repairs.insert(contentsOf: wrong.map(Int.init))
            found += wrong.count
            cameAgain = cameAgain || batch.isRepair
        }
        guard found > 0 else { return }
        tell(.repairing(disk: disks[index].name.name, regions: found))
        if cameAgain, !countRepair(of: disks[index]) { return }
        pump()
    }

    /// The read-back of a pass found regions that are not what they should be.
    func repair(_ index: Int, _ pass: UInt64, _ regions: [UInt32]) {
        // It may also be a late answer, to an end that was told again.
        guard index < disks.count, disks[index].phase == .verifying, disks[index].pass == pass else { return }
        let disk = disks[index]
        if regions.isEmpty {
            disk.repairs.insert(contentsOf: 0..<disk.regionCount)
        } else {
            disk.repairs.insert(contentsOf: regions.lazy.map(Int.init).filter { $0 < disk.regionCount })
        }
        tell(.repairing(disk: disk.name.name, regions: disk.repairs.count))
        guard countRepair(of: disk) else { return }
        disk.endWasSent = false
        disk.phase = .scanning
        pump()
    }

    /// Counts a repair of the pass; after the fifth the job is given up.
    func countRepair(of disk: DiskJob) -> Bool {
        disk.repairRounds += 1
        guard disk.repairRounds > 5 else { return true }
        fail(
            FerryError(
                .notConverging,
                operation: "verify",
                subject: "the volume of \(disk.name)",
                cause: "it was repaired five times and still differs from the disk",
                advice: "Check the disk and the memory of the staging server."
            )
        )
        return false
    }
}
