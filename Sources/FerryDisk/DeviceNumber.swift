internal import CFerryLinux

/// The number of a block device, as `8:1`.
public struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
    /// The driver's number.
    public var major: UInt32
    /// The number of the device within the driver.
    public var minor: UInt32

    /// The number `major:minor`.
    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// The number as the kernel packs it into one word.
    init(_ packed: UInt) {
        self.init(major: ferry_device_major(UInt64(packed)), minor: ferry_device_minor(UInt64(packed)))
    }

    /// Reads `8:1`; nil for anything else.
    init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    /// The number as `8:1`.
    public var description: String { "\(major):\(minor)" }
}
