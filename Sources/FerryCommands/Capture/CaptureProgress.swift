internal import FerryCore
internal import FerryPacket
internal import Glibc

/// Tells how much of a capture has been read, for as long as reading lasts: a large file takes minutes, and a pipe
/// from a program that captures ends when that does.
struct CaptureProgress {
    private let path: String
    private let line: ProgressLine

    /// - Parameters:
    ///   - path: the capture; `-` is the standard input.
    ///   - prints: whether something is printed while it is read.
    init(path: String, prints: Bool = false) {
        self.path = path
        line = ProgressLine(staysWhole: prints && isatty(STDOUT_FILENO) == 1)
    }

    var file: CaptureFile { CaptureFile(path: path, onProgress: show) }

    func show(_ bytesRead: Int) {
        line.show("reading \(path == "-" ? "the standard input" : path): \(ByteCount(bytesRead)) so far")
    }

    func end() { line.end() }
}
