internal import CFerryLinux

/// Being a guest on a source server: the disk and the processors serve everybody else first.
public enum BackgroundPriority {
    /// Puts the calling thread, and those it makes later, into the idle I/O class and at the lowest CPU priority.
    ///
    /// Best effort: nothing is said if the kernel refuses.
    public static func enter() {
        _ = ferry_io_idle()
        _ = ferry_cpu_nice(19)
    }
}
