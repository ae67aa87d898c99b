internal import FerryReplication
internal import Glibc
internal import Synchronization

/// Keeps what happens in `events.jsonl` beside the job's state, in the form of `--json`: of a connection that has died this
/// is the first evidence, also when nobody looked on. Progress is kept once a minute.
///
/// The file before it is kept as `events.1.jsonl`. A log that cannot be written does not stop the move; that is told once.
final class EventLog: Report {
    private struct State: Sendable {
        var sink: LineSink?
        var descriptor: Int32 = -1
        var hasFailed = false
        var lastProgress = -1.0
    }

    private let path: String
    private let formerPath: String
    private let job: String
    private let state = Mutex(State())
    /// A file that has become so long is the former one from then on.
    private static let longest = 16 << 20
    private static let secondsBetweenProgress = 60.0

    /// A log for `job` in `directory`, which is there when the first event is told.
    init(directory: String, job: String) {
        path = "\(directory)/\(job)/events.jsonl"
        formerPath = "\(directory)/\(job)/events.1.jsonl"
        self.job = job
    }

    deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

    func tell(_ event: ReplicationEvent) {
        state.withLock { state in
            if case .progress = event {
                let now = EventLog.seconds()
                guard now - state.lastProgress >= EventLog.secondsBetweenProgress || state.lastProgress < 0 else {
                    return
                }
                state.lastProgress = now
            }
            if case .thawed = event { state.sink?.letGo() }
            open(&state)
            state.sink?.write(EventText.line(event, job: job) + "\n")
            if case .freezing = event { state.sink?.hold() }
        }
    }

    /// Writes what was kept back; call at the end.
    func letGo() { state.withLock { $0.sink?.letGo() } }

    private func open(_ state: inout State) {
        if let sink = state.sink, sink.size > EventLog.longest, rename(path, formerPath) == 0 {
            close(state.descriptor)
            state.descriptor = -1
            state.sink = nil
        }
        guard state.sink == nil, !state.hasFailed else { return }
        state.descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard state.descriptor >= 0 else {
            state.hasFailed = true
            return Output.error("ferry-agent: no events are kept in \(path): \(String(cString: strerror(errno)))")
        }
        state.sink = LineSink(state.descriptor)
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
