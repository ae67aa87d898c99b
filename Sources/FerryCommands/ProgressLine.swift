internal import Glibc

/// Tells on the standard error how far a command is, so that it is never silent for long: one line that changes on a
/// terminal, a line now and then anywhere else.
final class ProgressLine {
    private let isTerminal: Bool
    private var last = ContinuousClock.now
    private var isShown = false
    private let pace: Duration

    /// - Parameters:
    ///   - pace: how often a line is told where there is no terminal.
    ///   - staysWhole: that each line is one of its own on a terminal too, because others are printed there between.
    init(pace: Duration = .milliseconds(1500), staysWhole: Bool = false) {
        isTerminal = !staysWhole && isatty(STDERR_FILENO) == 1
        self.pace = pace
    }

    /// Shows `text` if the last was shown long enough ago; may be called as often as one likes.
    func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard now - last >= (isTerminal ? .milliseconds(250) : pace) else { return }
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
