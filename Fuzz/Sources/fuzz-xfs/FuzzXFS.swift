internal import FerryCore
internal import FuzzDisk
internal import FuzzLoop

@testable internal import FerryDisk

/// The input is a disk with an xfs.
@main struct FuzzXFS {
    static func main() {
        FuzzLoop.run(seeds: { [("hand-made", DiskInput.seed(HandMadeXFS().bytes))] + ImageSeeds.all() }) { input in
            guard var input = DiskInput(input) else { return }
            if input.isSealed { input.disk.sealXFS() }
            MapCheck.disk(input.disk)
            guard let map = try? XFSMap(of: input.disk, region: input.disk.geometry.wholeDisk, isLive: input.isLive)
            else { return }
            MapCheck.map(map)
        }
    }
}
