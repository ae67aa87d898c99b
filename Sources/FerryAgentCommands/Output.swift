internal import Glibc

/// Where words for people and machines go.
enum Output {
    /// Whether a person sees the standard output in a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes `text` to the standard output as it is.
    static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes a line to the standard output.
    static func line(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Writes a line to the standard error.
    static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// How many columns the terminal has.
    static var columns: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
