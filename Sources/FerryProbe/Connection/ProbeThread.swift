internal import Glibc
internal import Synchronization

/// A thread for a measurement, which waits in system calls: a task of Swift's own would keep a core's thread from others.
enum ProbeThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts `run` in a thread of its own; false if the system has none left.
    @discardableResult
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        defer { pthread_attr_destroy(&attributes) }
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let problem = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            body.toOpaque()
        )
        if problem != 0 { body.release() }
        return problem == 0
    }

    /// The result of `run`, which runs in a thread of its own; nil if the system has none left.
    static func result<Result: Sendable>(_ run: @escaping @Sendable () -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            if !start({ continuation.resume(returning: run()) }) { continuation.resume(returning: nil) }
        }
    }
}

/// Says to those who wait in system calls that nobody wants the answer any more; they look ten times a second.
public final class ProbeStop: Sendable {
    private let flag = Atomic(false)

    /// Nobody has stopped yet.
    public init() {}

    /// Whether somebody has.
    public var isSet: Bool { flag.load(ordering: .relaxed) }
    /// Stops.
    public func set() { flag.store(true, ordering: .relaxed) }
}

/// A gate that opens once.
final class ProbeGate: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() {
        var pair: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair)
        ends = (pair[0], pair[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    func open() {
        var byte: UInt8 = 1
        _ = write(ends.write, &byte, 1)
    }

    /// Waits until it is open, or `seconds` have passed.
    func wait(atMost seconds: Double) {
        var one = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
        // No plan may trap here, whatever it says; a million seconds are as good as for ever.
        let milliseconds = Int32(max(0, min(seconds, 1_000_000)) * 1000)
        while poll(&one, 1, milliseconds) < 0, errno == EINTR {}
    }
}
