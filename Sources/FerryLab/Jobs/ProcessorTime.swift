internal import Glibc

/// Processor time, in seconds.
public struct ProcessorTime: Sendable, Equatable {
    /// In programs.
    public var user: Double
    /// In the kernel, on their behalf.
    public var system: Double

    /// So many seconds.
    public init(user: Double = 0, system: Double = 0) {
        self.user = user
        self.system = system
    }

    init(_ usage: rusage) {
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        self.init(user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
    }

    /// Both.
    public var total: Double { user + system }

    /// Of this process, all its threads, so far.
    static var ofThisProcess: ProcessorTime { of(RUSAGE_SELF) }

    /// Of the children of this process that have ended and were waited for.
    static var ofEndedChildren: ProcessorTime { of(RUSAGE_CHILDREN) }

    private static func of(_ whose: __rusage_who) -> ProcessorTime {
        var usage = rusage()
        getrusage(__rusage_who_t(whose.rawValue), &usage)
        return ProcessorTime(usage)
    }

    /// The sum.
    public static func + (left: ProcessorTime, right: ProcessorTime) -> ProcessorTime {
        ProcessorTime(user: left.user + right.user, system: left.system + right.system)
    }

    /// The difference.
    public static func - (left: ProcessorTime, right: ProcessorTime) -> ProcessorTime {
        ProcessorTime(user: left.user - right.user, system: left.system - right.system)
    }
}
