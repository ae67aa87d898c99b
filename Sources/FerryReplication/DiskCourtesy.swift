internal import NIOCore

/// Gives way to the disk's other users: when reads take several times as long as they usually do, somebody waits.
struct DiskCourtesy {
    /// What reads took, as a multiple of what they take on a disk that nobody else uses.
    private var usualSlowness = 1.0
    /// A call and a byte on a solid-state disk without other work.
    private static let secondsPerCall = 0.0002
    private static let secondsPerByte = 1 / 500e6
    /// So many times slower than usual is more than chance.
    private static let strained = 4.0
    /// What is usual follows what is by this share of the difference: some hundred reads make it usual.
    private static let adaption = 0.01
    private static let longestPause = 1.0

    /// Notes a read of `bytes` bytes in `calls` calls that took `seconds`.
    /// - Returns: how long to leave the disk alone: as long as the read took, if the disk is strained.
    mutating func pause(bytes: Int, calls: Int, seconds: Double) -> TimeAmount {
        guard calls > 0 else { return .zero }
        let slowness =
            seconds / (Double(calls) * DiskCourtesy.secondsPerCall + Double(bytes) * DiskCourtesy.secondsPerByte)
        let isStrained = slowness > DiskCourtesy.strained * usualSlowness
        usualSlowness = max(1, usualSlowness + (slowness - usualSlowness) * DiskCourtesy.adaption)
        guard isStrained else { return .zero }
        return .nanoseconds(Int64(min(seconds, DiskCourtesy.longestPause) * 1e9))
    }
}
