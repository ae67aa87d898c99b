internal import Glibc

/// The kernel's monotonic clock, which everything in a lab goes by.
enum MonotonicClock {
    /// Nanoseconds since some moment before the lab.
    static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds of processor time that the calling thread has taken.
    static func ofThisThread() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
