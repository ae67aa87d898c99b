import Foundation
import Glibc
import Synchronization

/// A program that was started, with its output in a file.
final class RunningProgram: Sendable {
    let process: pid_t
    let outputPath: String
    private let status = Mutex<Int32?>(nil)

    /// Starts `words`, the first being the program.
    init(_ words: [String], output: String, environment: [String: String] = [:]) throws {
        outputPath = output
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The signals that the test process blocks are not for its children to inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let merged = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        var variables: [UnsafeMutablePointer<CChar>?] = merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in arguments + variables { free(pointer) }
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var process: pid_t = 0
        let result = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
        guard result == 0 else {
            throw TestFailure("could not start \(words[0]): \(String(cString: strerror(result)))")
        }
        self.process = process
    }

    deinit { send(SIGKILL) }

    /// What it has said so far.
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    /// Sends it a signal.
    func send(_ signal: Int32) {
        // A process that has ended has left its number to others.
        if ended() == nil { kill(process, signal) }
    }

    /// Its exit status, or 128 and the signal that killed it; nil while it runs.
    func ended() -> Int32? {
        status.withLock { known in
            var status: Int32 = 0
            // The kernel tells it once.
            if known == nil, waitpid(process, &status, WNOHANG) == process {
                known = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
            }
            return known
        }
    }

    /// Waits for its end, at most `seconds`, and returns its exit status, or 128 and the signal that killed it.
    func wait(_ seconds: Double = 120) async throws -> Int32 {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            if let status = ended() { return status }
            try await Task.sleep(for: .milliseconds(10))
        }
        let threads = threads
        send(SIGKILL)
        throw TestFailure("did not end within \(seconds) s, with the threads \(threads); it said:\n\(output)")
    }

    /// Its threads: what each is called, its state, and where in the kernel it waits.
    private var threads: String {
        let folder = "/proc/\(process)/task"
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return all.sorted().map { thread in
            let words = ["comm", "wchan", "syscall", "stack"].map { name in
                (try? String(contentsOfFile: "\(folder)/\(thread)/\(name)", encoding: .utf8)) ?? "?"
            }
            let status = (try? String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)) ?? ""
            let state = status.split(separator: "\n").first { $0.hasPrefix("State") } ?? "State: ?"
            return "[\(thread) \(state) \(words.joined(separator: " "))]".replacingOccurrences(of: "\n", with: " ")
        }.joined(separator: "\n")
    }

    /// Kills it and waits until it is gone.
    func killAndWait() async throws {
        send(SIGKILL)
        while ended() == nil { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Waits until it has said `text` so many times.
    func says(_ text: String, times: Int = 1, within seconds: Double = 120) async throws {
        let deadline = Date().addingTimeInterval(seconds)
        while output.split(separator: text, omittingEmptySubsequences: false).count <= times {
            guard Date() < deadline else {
                throw TestFailure(
                    "did not say \"\(text)\" \(times)x within \(seconds) s, with the threads \(threads), but:\n\(output)"
                )
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Runs a program to its end and returns its status and output.
    static func run(_ words: [String], in folder: String, seconds: Double = 120) async throws -> (Int32, String) {
        let output = "\(folder)/output-\(UInt64.random(in: 0 ... .max))"
        let program = try RunningProgram(words, output: output)
        let status = try await program.wait(seconds)
        return (status, program.output)
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
