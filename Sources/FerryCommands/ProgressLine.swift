internal import Glibc

/// Tells on the standard error how far a command is, so that it is never silent for long: one line that changes on a
/// terminal, a line now and then anywhere else.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var last = ContinuousClock.now
    private var isShown = false

    /// Shows `text` if the last was shown long enough ago; may be called as often as one likes.
    func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard now - last >= (isTerminal ? .milliseconds(250) : .milliseconds(1500)) else { return }
        last = now
        if isTerminal {
            StandardError.write("\r\u{1B}[K\(StandardError.printable(text()))")
            isShown = true
        } else {
            StandardError.line(text())
        }
    }

    /// Takes the line off the terminal.
    func end() {
        if isShown { StandardError.write("\r\u{1B}[K") }
        isShown = false
    }
}
