internal import FerryCore

/// How the host's block devices build on each other, as /sys tells it.
struct BlockDevices {
    private let sys: String

    init(sys: String = HostFiles.sys) { self.sys = sys }

    func folder(_ device: DeviceNumber) -> String { "\(sys)/dev/block/\(device)" }

    /// The partitions the kernel knows of a disk, and where they lie.
    func partitions(of disk: DeviceNumber) -> [(device: DeviceNumber, extent: Extent)] {
        let folder = folder(disk)
        return HostFiles.names(in: folder).compactMap { name in
            let part = "\(folder)/\(name)"
            // Sectors of /sys have 512 bytes, whatever the disk's have.
            guard HostFiles.number("\(part)/partition") != nil,
                let device = HostFiles.text("\(part)/dev").flatMap({ DeviceNumber(parsing: $0) }),
                let start = HostFiles.number("\(part)/start"), let size = HostFiles.number("\(part)/size"),
                start < 1 << 54, size < 1 << 54
            else { return nil }
            return (device, Extent(start: ByteCount(start * 512), length: ByteCount(size * 512)))
        }
    }

    /// The mapped devices (LVM volumes, RAIDs, encrypted volumes) that use a device directly.
    func holders(of device: DeviceNumber) -> [DeviceNumber] {
        HostFiles.names(in: "\(folder(device))/holders").compactMap { name in
            HostFiles.text("\(sys)/block/\(name)/dev").flatMap { DeviceNumber(parsing: $0) }
        }
    }

    /// The loop devices in use, and the devices that hold their files.
    func loops() -> [(device: DeviceNumber, holding: DeviceNumber)] {
        HostFiles.names(in: "\(sys)/block").filter { $0.hasPrefix("loop") }.compactMap { name in
            guard let file = HostFiles.text("\(sys)/block/\(name)/loop/backing_file"),
                let device = HostFiles.text("\(sys)/block/\(name)/dev").flatMap({ DeviceNumber(parsing: $0) }),
                let holder = HostFiles.device(holding: HostFiles.hostRoot + file) ?? HostFiles.device(holding: file)
            else { return nil }
            return (device, holder)
        }
    }

    /// Everything above a disk: the disk itself and its partitions at depth 0, mapped devices above them, and loop
    /// devices whose files lie on any of them, each a step deeper than what it builds on.
    func above(_ disk: DeviceNumber) -> [DeviceNumber: Int] {
        var depths: [DeviceNumber: Int] = [:]
        var waiting: [(DeviceNumber, Int)] = [(disk, 0)]
        let loops = loops()
        while let (device, depth) = waiting.popLast() {
            // A device above two others is as deep as the deeper one says; 16 steps are a circle.
            guard depth < 16, depths[device].map({ $0 < depth }) ?? true else { continue }
            depths[device] = depth
            waiting += partitions(of: device).map { ($0.device, depth) }
            waiting += holders(of: device).map { ($0, depth + 1) }
            waiting += loops.filter { $0.holding == device }.map { ($0.device, depth + 1) }
        }
        return depths
    }
}
