internal import FerryCore
internal import Glibc

/// How much was written to a block device since the machine started, as the kernel counts it: what swap areas on it take
/// is left out, because nothing of them is copied but their header.
///
/// (Linux, Documentation/admin-guide/iostats.rst: fields 7 and 14 of `stat` in sysfs, in units of 512 bytes.)
struct WriteCounters: Equatable, Sendable {
    private(set) var written: ByteCount

    /// The counters of `device`; nil if the kernel does not count, or /sys is not there.
    init?(of device: DeviceNumber, sys: String = HostFiles.sys) {
        let devices = BlockDevices(sys: sys)
        let folder = devices.folder(device)
        // A partition's queue is that of its disk.
        guard HostFiles.number("\(folder)/queue/iostats") ?? HostFiles.number("\(folder)/../queue/iostats") == 1,
            var sectors = WriteCounters.sectors(folder)
        else { return nil }
        let above = devices.above(device)
        for swap in SwapAreas.devices() where above[swap] != nil && swap != device {
            sectors &-= WriteCounters.sectors(devices.folder(swap)) ?? 0
        }
        written = ByteCount((sectors & (UInt64.max >> 9)) << 9)
    }

    private static func sectors(_ folder: String) -> UInt64? {
        guard let fields = HostFiles.text("\(folder)/stat")?.split(separator: " "), fields.count >= 7,
            let written = UInt64(fields[6])
        else { return nil }
        // Discards are counted since Linux 4.18.
        return written &+ (fields.count >= 14 ? UInt64(fields[13]) ?? 0 : 0)
    }
}

/// What the kernel swaps to.
enum SwapAreas {
    /// The devices among the swap areas in use; files are not told.
    static func devices() -> [DeviceNumber] {
        guard let text = HostFiles.text("/proc/swaps") else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            guard let path = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first else { return nil }
            return HostFiles.device(named: HostFiles.hostRoot + path) ?? HostFiles.device(named: String(path))
        }
    }
}
