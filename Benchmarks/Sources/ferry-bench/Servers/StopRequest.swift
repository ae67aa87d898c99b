import Glibc
import Synchronization

/// Whether somebody wants the benchmark to end; it then ends what it started, cleans up, and says what it has.
enum StopRequest {
    private static let isMade = Atomic(false)

    /// Notes SIGINT, SIGTERM and SIGHUP instead of dying of them.
    static func listen() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in StopRequest.isMade.store(true, ordering: .relaxed) }
        }
    }

    static var isThere: Bool { isMade.load(ordering: .relaxed) }

    static func check() throws(BenchmarkError) {
        if isThere { throw BenchmarkError(.stopped, "stopped") }
    }
}
