public import FerryCore
internal import Glibc

/// What only the kernel can say, and no file: replaced by made-up answers in tests.
public struct KernelAnswers: Sendable {
    /// How full a file system is.
    public struct Space: Sendable {
        /// Its size.
        public var size: ByteCount
        /// What nothing is stored in.
        public var free: ByteCount
        /// The part of `free` that is not reserved for root.
        public var available: ByteCount
        /// How many inodes it can have; zero if it does not count them.
        public var inodes: UInt64
        /// How many of them are free.
        public var freeInodes: UInt64

        /// An answer with all its parts.
        public init(size: ByteCount, free: ByteCount, available: ByteCount, inodes: UInt64, freeInodes: UInt64) {
            self.size = size
            self.free = free
            self.available = available
            self.inodes = inodes
            self.freeInodes = freeInodes
        }
    }

    /// How full the file system is that holds a path of this process; nil if that cannot be told.
    public var space: @Sendable (_ path: String) -> Space?
    /// Whether something keeps the clock right; nil if that cannot be told.
    public var isClockSynchronized: @Sendable () -> Bool?
    /// The kernel's name for the processor, as `x86_64`; nil if it cannot be told.
    public var machine: @Sendable () -> String?
    /// Waits for so long.
    public var pause: @Sendable (Duration) -> Void

    /// Answers given by these closures.
    public init(
        space: @escaping @Sendable (String) -> Space?,
        isClockSynchronized: @escaping @Sendable () -> Bool?,
        machine: @escaping @Sendable () -> String?,
        pause: @escaping @Sendable (Duration) -> Void
    ) {
        self.space = space
        self.isClockSynchronized = isClockSynchronized
        self.machine = machine
        self.pause = pause
    }

    /// The answers of the kernel this process runs on.
    public static let ofThisServer = KernelAnswers(
        space: { space(of: $0) },
        isClockSynchronized: { isSynchronized() },
        machine: {
            var names = utsname()
            guard uname(&names) == 0 else { return nil }
            return withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        },
        pause: { duration in
            let (seconds, attoseconds) = duration.components
            var wanted = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            var left = timespec()
            while nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
        }
    )

    private static func space(of path: String) -> Space? {
        var answer = statvfs()
        guard statvfs(path, &answer) == 0 else { return nil }
        let unit = UInt64(answer.f_frsize)
        return Space(
            size: ByteCount(UInt64(answer.f_blocks) * unit),
            free: ByteCount(UInt64(answer.f_bfree) * unit),
            available: ByteCount(UInt64(answer.f_bavail) * unit),
            inodes: UInt64(answer.f_files),
            freeInodes: UInt64(answer.f_ffree)
        )
    }

    private static func isSynchronized() -> Bool? {
        // struct timex is 208 bytes; its first member, zero, means that nothing is to be changed.
        let answer = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 16)
        defer { answer.deallocate() }
        answer.initializeMemory(as: UInt8.self, repeating: 0, count: 512)
        let state = adjtimex(answer)
        // TIME_ERROR: nothing has set the clock lately.
        return state < 0 ? nil : state != 5
    }
}

/// adjtimex(2), which the imported C library leaves out. Takes one pointer and returns one number, which Swift and C
/// pass in the same registers on x86-64 and arm64.
@_silgen_name("adjtimex") private func adjtimex(_ answer: UnsafeMutableRawPointer) -> Int32
