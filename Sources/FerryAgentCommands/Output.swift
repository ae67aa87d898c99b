internal import Glibc

/// Where words for people and machines go.
enum Output {
    /// Whether a person sees the standard output in a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The standard output.
    static let standard = LineSink(STDOUT_FILENO)

    /// Writes `text` to the standard output as it is.
    static func text(_ text: String) { standard.write(text) }

    /// Writes a line to the standard output.
    static func line(_ line: String) { standard.write(line + "\n") }

    /// Writes a line to the standard error.
    static func error(_ line: String) { LineSink(STDERR_FILENO).write(line + "\n") }

    /// How many columns the terminal has.
    static var columns: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}
