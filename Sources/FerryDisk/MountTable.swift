internal import FerryCore

/// A file system that is mounted on this host.
public struct MountedFileSystem: Hashable, Sendable {
    /// The block device the file system is on.
    public var device: DeviceNumber
    /// The kernel's name of the file system: `ext4`, `xfs`.
    public var type: String
    /// Where it is mounted, as the host's first process sees it.
    public var mountPoint: String
    /// The path by which this process reaches the mount point; differs from `mountPoint` inside a chroot.
    public var reachablePath: String
    /// Whether nothing can be written through this mount.
    public var isReadOnly: Bool

    /// A mounted file system with all its parts.
    public init(device: DeviceNumber, type: String, mountPoint: String, reachablePath: String, isReadOnly: Bool) {
        self.device = device
        self.type = type
        self.mountPoint = mountPoint
        self.reachablePath = reachablePath
        self.isReadOnly = isReadOnly
    }
}

/// The file systems mounted on this host, at one moment.
public struct MountTable: Sendable {
    /// The mounts, in the order they were made.
    public var mounts: [MountedFileSystem]

    /// A table of these mounts.
    public init(mounts: [MountedFileSystem]) { self.mounts = mounts }

    /// The mounts of this host now; empty if /proc is not there. Only file systems on block devices are listed.
    ///
    /// A process in a chroot sees only the mounts below its root in its own table, so the table of process 1 is asked
    /// first, and mount points are reached below `/proc/1/root`.
    public static func current() -> MountTable {
        guard let bytes = HostFiles.bytes("/proc/1/mountinfo") ?? HostFiles.bytes("/proc/self/mountinfo") else {
            return MountTable(mounts: [])
        }
        return MountTable(parsing: String(decoding: bytes, as: UTF8.self))
    }

    /// Reads the text of a `mountinfo` file: kernel Documentation/filesystems/proc.rst, section 3.5.
    init(parsing text: String) { mounts = text.split(separator: "\n").compactMap { MountTable.mount($0) } }

    private static func mount(_ line: Substring) -> MountedFileSystem? {
        let fields = line.split(separator: " ")
        guard fields.count >= 10, let separator = fields[6...].firstIndex(of: "-"), separator + 2 < fields.count,
            var device = DeviceNumber(parsing: fields[2])
        else { return nil }
        let type = String(fields[separator + 1])
        let source = unescaped(fields[separator + 2])
        if device.major == 0 {
            // Btrfs gives its mounts numbers that belong to no device. Of others, only local paths are looked at: a
            // server that does not answer must not stop us.
            guard type == "btrfs", source.hasPrefix("/dev/"),
                let named = HostFiles.device(named: HostFiles.hostRoot + source) ?? HostFiles.device(named: source)
            else { return nil }
            device = named
        }
        let point = unescaped(fields[4])
        return MountedFileSystem(
            device: device,
            type: type,
            mountPoint: point,
            reachablePath: reachable(point, fields[2]),
            isReadOnly: fields[5].split(separator: ",").contains("ro")
        )
    }

    /// The path that leads to the mount and not to something mounted over it, if there is one.
    private static func reachable(_ point: String, _ number: Substring) -> String {
        let device = DeviceNumber(parsing: number)
        let below = HostFiles.hostRoot + point
        return HostFiles.device(holding: below) == device ? below : point
    }

    /// Spaces, tabs, line ends and backslashes are written as `\` and three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        let bytes = Array(field.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), index + 3 < bytes.count,
                let code = UInt8(String(decoding: bytes[(index + 1)...(index + 3)], as: UTF8.self), radix: 8)
            {
                result.append(code)
                index += 4
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The file systems that have any of their blocks on `disk`: on the disk itself, on its partitions, on LVM volumes,
    /// software RAIDs and other mapped devices above them, and on loop devices whose files lie there. One mount of
    /// each, in the order they have to be thawed: what others build on first.
    ///
    /// An image file is on no device, and has none.
    public func fileSystems(on disk: some DiskReader) -> [MountedFileSystem] {
        guard let device = disk.device else { return [] }
        let depths = BlockDevices().above(device)
        var seen: Set<DeviceNumber> = []
        let found = mounts.filter { depths[$0.device] != nil && seen.insert($0.device).inserted }.map { first in
            // Of several mounts the one that can be written speaks for the file system.
            mounts.first { $0.device == first.device && !$0.isReadOnly } ?? first
        }
        return found.enumerated().sorted { left, right in
            (depths[left.element.device] ?? 0, left.offset) < (depths[right.element.device] ?? 0, right.offset)
        }.map(\.element)
    }

    /// The mounted file systems that lie directly on the device or its partitions, by their place on the disk.
    func byRegion(of device: DeviceNumber, _ geometry: DiskGeometry) -> [Extent: MountedFileSystem] {
        var regions: [Extent: MountedFileSystem] = [:]
        let places =
            [(device, geometry.wholeDisk)] + BlockDevices().partitions(of: device).map { ($0.device, $0.extent) }
        for (device, extent) in places {
            if let mount = mounts.first(where: { $0.device == device }) { regions[extent] = mount }
        }
        return regions
    }
}
