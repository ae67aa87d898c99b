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

    /// The mounts of this host now; empty if /proc is not there.
    ///
    /// A process in a chroot sees only the mounts below its root in its own table, so the table of process 1 is asked
    /// first, and mount points are reached below `/proc/1/root`.
    public static func current() -> MountTable { MountTable(mounts: []) }

    /// The file systems that have any of their blocks on `disk`: on the disk itself, on its partitions, and on LVM
    /// volumes, software RAIDs and other mapped devices above them. One mount of each, in the order they were mounted.
    ///
    /// An image file is on no device, and has none.
    public func fileSystems(on disk: Disk) -> [MountedFileSystem] { [] }

    /// The mounted file systems that lie directly on the device or its partitions, by their place on the disk.
    func byRegion(of device: DeviceNumber, _ geometry: DiskGeometry) -> [Extent: MountedFileSystem] { [:] }
}
