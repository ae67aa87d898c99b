internal import FerryCore
internal import FerryPacket
internal import Glibc
internal import Synchronization

/// Tells how much of a capture has been read, for as long as reading lasts: a large file takes minutes, and a pipe
/// from a program that captures ends when that does.
struct CaptureProgress {
    private let path: String
    private let line: ProgressLine
    private let endsInOrder: Bool
    /// Whether somebody has pressed Ctrl-C.
    private static let isEnding = Atomic<Bool>(false)

    /// - Parameters:
    ///   - path: the capture; `-` is the standard input.
    ///   - prints: whether something is printed while it is read.
    ///   - endsInOrder: whether, if it is piped, Ctrl-C ends what is read and not the program.
    init(path: String, prints: Bool = false, endsInOrder: Bool = false) {
        self.path = path
        line = ProgressLine(staysWhole: prints && isatty(STDOUT_FILENO) == 1)
        self.endsInOrder = endsInOrder && path == "-" && CaptureProgress.isPiped
        if self.endsInOrder { CaptureProgress.watchInterrupts() }
    }

    /// Reads the capture, and tells how far it is meanwhile.
    /// - Throws: `FerryError` as `CaptureFile.read` does.
    func read(_ body: (CapturedPacket) -> Void) throws(FerryError) -> CaptureStop? {
        defer { end() }
        return try CaptureFile(path: path, onProgress: show).read(body)
    }

    /// Returns whether what may still come is waited for.
    func show(_ bytesRead: Int) -> Bool {
        line.show("reading \(path == "-" ? "the standard input" : path): \(ByteCount(bytesRead)) so far")
        return !CaptureProgress.isEnding.load(ordering: .relaxed)
    }

    func end() {
        line.end()
        if endsInOrder { signal(SIGINT, SIG_DFL) }
    }

    private static var isPiped: Bool {
        var facts = stat()
        return fstat(STDIN_FILENO, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
    }

    /// Ctrl-C reaches the program that captures, too, which then writes what it still has: that is read, and told. Whoever
    /// presses it again need not wait.
    private static func watchInterrupts() {
        // Made now: a signal's handler is no place for that.
        isEnding.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            if CaptureProgress.isEnding.exchange(true, ordering: .relaxed) { _exit(1) }
        }
    }
}
