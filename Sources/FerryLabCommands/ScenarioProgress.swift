internal import Glibc

/// How far scenarios are that are played or scored, on the standard error: one line that changes on a terminal, else a
/// line each time.
struct ScenarioProgress {
    private let count: Int
    private let start = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(of count: Int) { self.count = count }

    func tell(_ done: Int, _ running: [String]) {
        let seconds = (ContinuousClock.now - start).components.seconds
        let now = running.isEmpty ? "" : "; now \(running.joined(separator: ", "))"
        let text = "\(done) of \(count) done, \(seconds) s\(now)"
        ScenarioProgress.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
    }

    func end() { if isTerminal { ScenarioProgress.write("\r\u{1B}[K") } }

    static func line(_ text: String) { write(text + "\n") }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
