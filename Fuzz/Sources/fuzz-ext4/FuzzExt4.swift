internal import FerryCore
internal import FuzzDisk
internal import FuzzLoop

@testable internal import FerryDisk

/// The input is a disk with an ext2, ext3 or ext4.
@main struct FuzzExt4 {
    static func main() {
        FuzzLoop.run(seeds: ImageSeeds.all) { input in
            guard let input = DiskInput(input) else { return }
            MapCheck.disk(input.disk)
            guard let map = try? Ext4Map(of: input.disk, region: input.disk.geometry.wholeDisk, isLive: input.isLive)
            else { return }
            MapCheck.map(map)
        }
    }
}
