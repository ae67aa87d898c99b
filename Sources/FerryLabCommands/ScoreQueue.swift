internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation
internal import Synchronization

/// The examinations of a score: some at a time, each a process in namespaces of its own, results in the order of asking.
final class ScoreQueue: Sendable {
    /// One examination to be made.
    struct Task: Sendable {
        /// What it is called while it runs, and in the card if nothing comes of it.
        let nothing: ScoreResult
        /// The words after the program's name.
        let words: [String]
        /// The scenario's file, which is told where whoever diagnoses does not hear it.
        let path: String
        /// After how long it is ended.
        let limit: Duration
    }

    private struct State {
        var next = 0
        var running: [Int] = []
        var results: [Int: ScoreResult] = [:]
    }

    private let tasks: [Task]
    private let state = Mutex(State())
    private let done = DispatchSemaphore(value: 0)

    init(_ tasks: [Task]) { self.tasks = tasks }

    /// Runs all, `jobs` at a time.
    /// - Parameter tell: called at least every two seconds with how many are done, and which are running.
    func run(jobs: Int, _ tell: (Int, [String]) -> Void) -> [ScoreResult] {
        let threads = min(jobs, tasks.count)
        for _ in 0..<threads { Thread { [self] in work() }.start() }
        for _ in 0..<threads {
            repeat {
                let (count, running) = state.withLock { ($0.results.count, $0.running) }
                tell(count, running.map { tasks[$0].nothing.label })
            } while done.wait(timeout: .now() + 2) == .timedOut
        }
        let results = state.withLock { $0.results }
        return tasks.indices.compactMap { results[$0] }
    }

    private func work() {
        defer { done.signal() }
        while let number = take() {
            let result = ScoreQueue.run(tasks[number])
            state.withLock {
                $0.results[number] = result
                $0.running.removeAll { $0 == number }
            }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.next < tasks.count else { return nil }
            state.running.append(state.next)
            state.next += 1
            return state.next - 1
        }
    }

    private static func run(_ task: Task) -> ScoreResult {
        guard let input = tmpfile(), let output = tmpfile(), let complaints = tmpfile() else {
            return failed(task, String(cString: strerror(errno)))
        }
        defer { for file in [input, output, complaints] { fclose(file) } }
        fputs(task.path, input)
        rewind(input)
        let program: ChildProgram
        do throws(ChildProgramError) {
            program = try ChildProgram(
                LabProcess.thisProgram(task.words),
                input: fileno(input),
                output: fileno(output),
                complaints: fileno(complaints)
            )
        } catch {
            return failed(task, "unshare could not be started: \(error.text)")
        }
        let (status, isLate) = program.wait(atMost: task.limit)
        if isLate { return failed(task, "it was not done after \(task.limit)") }
        let lines = OutputFile.text(output).split(separator: "\n").map(String.init)
        if status == 0, let result = lines.last.flatMap({ ScoreResult(json: $0) }) { return result }
        let said = OutputFile.text(complaints).trimmingCharacters(in: .whitespacesAndNewlines)
        let cause = status.map { "its process ended with \($0)" } ?? "a signal ended its process"
        return failed(task, said.isEmpty ? cause : "\(cause): \(said)")
    }

    private static func failed(_ task: Task, _ reason: String) -> ScoreResult {
        var result = task.nothing
        result.status = .failed
        result.reason = reason
        return result
    }
}
