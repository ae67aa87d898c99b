internal import CFerryLinux
internal import Glibc

/// What makes a block device this device, whatever its name is: names go to other devices when a machine starts anew.
enum DeviceIdentity {
    /// Files below a device's folder in /sys and what they tell, the surest first.
    private static let facts = [
        ("dm/uuid", "dm"), ("wwid", "wwid"), ("device/wwid", "wwid"), ("serial", "serial"), ("device/serial", "serial"),
        ("loop/backing_file", "file"),
    ]

    /// The identity of the device with the number `device`; nil if nothing is told of it that lasts.
    static func of(device: dev_t) -> String? {
        let number = UInt64(device)
        return read("/sys/dev/block/\(ferry_device_major(number)):\(ferry_device_minor(number))")
    }

    /// The identity of the device whose folder in /sys is `folder`.
    static func read(_ folder: String) -> String? {
        // A partition has its disk's identity, and a place on it.
        let partition = text("\(folder)/partition")
        let disk = partition == nil ? folder : "\(folder)/.."
        for (file, name) in facts {
            guard let value = text("\(disk)/\(file)") else { continue }
            let offset = name == "file" ? text("\(disk)/loop/offset").flatMap { $0 == "0" ? nil : $0 } : nil
            return "\(name)=\(value)" + (offset.map { " offset=\($0)" } ?? "")
                + (partition.map { " partition=\($0)" } ?? "")
        }
        return nil
    }

    /// The file's one line; nil if there is none or nothing in it.
    private static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let isBlank = { (byte: UInt8) in byte <= 0x20 }
        let line = bytes[..<count].drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return line.isEmpty ? nil : String(decoding: Array(line), as: UTF8.self)
    }
}
