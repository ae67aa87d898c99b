import Foundation
import Glibc

/// A process that was started here. Only such processes are ever ended by the benchmark.
final class ChildProcess {
    /// How a process ended.
    enum Ending: Equatable, CustomStringConvertible {
        case exited(Int32)
        case killed(Int32)

        var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    let identifier: pid_t
    /// POSIX_SPAWN_SETSID, which glibc shows only to those who ask for its extensions.
    private static let newSession: Int16 = 0x80
    private var ending: Ending?

    private init(_ identifier: pid_t) { self.identifier = identifier }

    /// Starts `words`, in a session of its own so that a key pressed in the terminal does not reach it.
    /// - Parameter output: descriptors for its standard output and standard error.
    static func start(
        _ words: [String],
        environment: [String: String],
        output: (Int32, Int32)
    ) throws(BenchmarkError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.0, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.1, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, newSession)

        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        variables.append(nil)
        defer { for word in arguments + variables { free(word) } }
        var identifier: pid_t = 0
        let result = posix_spawnp(&identifier, words[0], &actions, &attributes, arguments, variables)
        guard result == 0 else {
            throw BenchmarkError(.failure, "could not start \(words[0]): \(String(cString: strerror(result)))")
        }
        return ChildProcess(identifier)
    }

    /// Waits until it has ended.
    func wait() -> Ending {
        if let ending { return ending }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {
            guard errno == EINTR else { return .killed(0) }
        }
        return note(status)
    }

    /// Whether it still runs.
    var isRunning: Bool {
        guard ending == nil else { return false }
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return true }
        _ = note(status)
        return false
    }

    /// Sends it a signal, unless it has been seen to end.
    func send(_ signal: Int32) {
        if isRunning { kill(identifier, signal) }
    }

    private func note(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        let ending: Ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
        self.ending = ending
        return ending
    }
}
