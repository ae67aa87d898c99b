internal import CFerryLab
internal import Dispatch
public import FerryCore
internal import Foundation
internal import Synchronization

/// A program that runs at a node of the lab, and never longer than the lab: the kernel kills it when the thread that waits
/// for it is gone, and that goes with the lab's process, however that ends.
public final class NodeProgram: Sendable {
    /// How it stands.
    public enum State: Sendable, Equatable {
        /// It runs.
        case running
        /// It ended with this exit status.
        case exited(Int32)
        /// This signal ended it.
        case killed(Int32)
    }

    private struct Shared {
        var state = State.running
        var processorTime = ProcessorTime()
        var mostMemory = ByteCount.zero
    }

    /// The program's process.
    public let process: Int32
    private let end: End

    /// What the thread that waits for the program tells.
    private final class End: Sendable {
        let shared = Mutex(Shared())
        let group = DispatchGroup()
    }

    /// Starts `words`, the first being the path of the program, at a node.
    /// - Parameters:
    ///   - output: the file that its standard output is added to.
    ///   - complaints: the file that its standard error is added to.
    /// - Throws: `FerryError` with `ErrorCode.labTool` if it cannot be started.
    public init(
        _ words: [String],
        at namespace: NodeNamespace,
        output: String,
        complaints: String
    ) throws(FerryError) {
        let started = ThreadOutcome<Result<Int32, FerryError>>()
        let end = End()
        end.group.enter()
        let thread = Thread {
            do throws(FerryError) {
                try namespace.enter()
                let process = try NodeProgram.start(words, output, complaints)
                started.set(.success(process))
                NodeProgram.wait(for: process, end)
            } catch {
                started.set(.failure(error))
            }
            end.group.leave()
        }
        thread.stackSize = 256 << 10
        thread.start()
        process = try started.wait().get()
        self.end = end
    }

    deinit { kill() }

    private static func start(_ words: [String], _ output: String, _ complaints: String) throws(FerryError) -> Int32 {
        let files = [output, complaints].map { (path: String) -> Int32 in
            open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        }
        defer { for file in files where file >= 0 { close(file) } }
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let process = files.contains { $0 < 0 } ? -1 : ferry_start_bound(words[0], &pointers, files[0], files[1])
        guard process > 0 else {
            throw FerryError(
                .labTool,
                operation: "start",
                subject: words.joined(separator: " "),
                cause: String(cString: strerror(errno)),
                advice: "Look whether the program is there, and whether \(output) and \(complaints) can be written to."
            )
        }
        return process
    }

    private static func wait(for process: Int32, _ end: End) {
        var information = siginfo_t()
        // It keeps its number until it is known to have ended: a signal must not reach another.
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        end.shared.withLock {
            var (status, usage) = (Int32(0), rusage())
            _ = wait4(process, &status, 0, &usage)
            $0.state = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
            $0.processorTime = ProcessorTime(usage)
            $0.mostMemory = .kibibytes(UInt64(max(0, usage.ru_maxrss)))
        }
    }

    /// How it stands.
    public var state: State { end.shared.withLock { $0.state } }

    /// Processor time that it took; none before it has ended.
    public var processorTime: ProcessorTime { end.shared.withLock { $0.processorTime } }

    /// Memory that it had resident at the most, or, if that was more, that the lab had when it started it; none before it has
    /// ended.
    public var mostMemory: ByteCount { end.shared.withLock { $0.mostMemory } }

    /// Waits until it ends, at most so long. Returns whether it has ended.
    @discardableResult
    public func wait(atMost limit: Duration) -> Bool {
        let (seconds, attoseconds) = limit.components
        return end.group.wait(timeout: .now() + Double(seconds) + Double(attoseconds) / 1e18) == .success
    }

    /// Asks it to end.
    public func terminate() { send(SIGTERM) }

    /// Ends it at once.
    public func kill() { send(SIGKILL) }

    private func send(_ signal: Int32) {
        end.shared.withLock { if $0.state == .running { _ = Glibc.kill(process, signal) } }
    }
}
