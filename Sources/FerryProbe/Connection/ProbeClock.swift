internal import Glibc

/// A moment from which a measurement counts, on the monotonic clock.
struct ProbeClock: Sendable {
    /// Nanoseconds of CLOCK_MONOTONIC at the start.
    let start: UInt64

    init() { start = ProbeClock.monotonic() }

    /// Nanoseconds since the start.
    var now: UInt64 { ProbeClock.monotonic() - start }

    /// Seconds since the start.
    var seconds: Double { ProbeClock.seconds(now) }

    /// What to add to a time of the wall clock to get one since the start: packets are stamped by the wall clock.
    var offsetOfWallClock: Int64 {
        Int64(bitPattern: ProbeClock.monotonic()) - ProbeClock.wall() - Int64(bitPattern: start)
    }

    /// Nanoseconds as seconds, to the microsecond: what is read again from JSON is then the same.
    static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds / 1000) / 1e6 }
    static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, min(seconds, 1e8)) * 1e9) }

    private static func monotonic() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func wall() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
