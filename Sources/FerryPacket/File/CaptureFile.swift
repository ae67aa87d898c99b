public import FerryCore
internal import Glibc

extension ErrorCode {
    /// A capture file could not be opened or read.
    public static let captureUnreadable = ErrorCode("capture.unreadable", .input)
    /// A file is none that a capture program writes.
    public static let captureNotACapture = ErrorCode("capture.not-a-capture", .input)
}

/// A capture file, read from its beginning to its end with a buffer of fixed size.
public struct CaptureFile {
    /// The path as the user gave it; `-` is the standard input.
    public let path: String
    /// Called with the bytes that were read so far, at least every half second, also while none come; returns whether those
    /// that may still come are waited for.
    private let onProgress: ((_ bytesRead: Int) -> Bool)?
    /// Two of the longest blocks, so that one is always whole in it.
    private static let bufferSize = 32 << 20
    /// As large as a cache of the second level: what is read is parsed while it is still there.
    private static let readSize = 1 << 20

    private static let progressMilliseconds: Int32 = 500

    /// The file at `path`.
    /// - Parameter onProgress: called at least every half second, also while nothing comes from a pipe, with the number
    ///   of bytes that were read so far; what comes after it has returned false, and while nothing comes, is not waited for.
    public init(path: String, onProgress: ((_ bytesRead: Int) -> Bool)? = nil) {
        self.path = path
        self.onProgress = onProgress
    }

    /// Hands every packet to `body`. Returns where reading stopped before the end, if it did after at least the header.
    /// - Throws: `FerryError` with `ErrorCode.captureUnreadable` or `ErrorCode.captureNotACapture`.
    public func read(_ body: (CapturedPacket) -> Void) throws(FerryError) -> CaptureStop? {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        var parser = CaptureParser()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: CaptureFile.bufferSize, alignment: 4096)
        defer { buffer.deallocate() }
        var start = 0
        var end = 0
        var bytesRead = 0
        while parser.stop == nil {
            // A rest is moved to the front, so that the same memory is written to again, while it is in the cache.
            if start > 0, let base = buffer.baseAddress {
                memmove(base, base + start, end - start)
                end -= start
                start = 0
            }
            let isAwaited = waitForBytes(descriptor, bytesRead)
            let room = buffer.baseAddress?.advanced(by: end)
            let count = isAwaited ? Glibc.read(descriptor, room, CaptureFile.readSize) : 0
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable() }
            end += count
            bytesRead += count
            let whole = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
            start += parser.parse(whole, isEnd: count == 0, body)
            if count == 0 { break }
        }
        try throwIfNotACapture(parser.stop, isEmpty: bytesRead == 0)
        return parser.stop
    }

    /// Until there is something to read, or the end; a read alone would wait in silence. False if nobody waits for more.
    private func waitForBytes(_ descriptor: Int32, _ bytesRead: Int) -> Bool {
        guard let onProgress else { return true }
        var readable = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let isAwaited = onProgress(bytesRead)
            let ready = poll(&readable, 1, CaptureFile.progressMilliseconds)
            if ready > 0 || (ready < 0 && errno != EINTR) { return true }
            if ready == 0, !isAwaited { return false }
        }
    }

    private func throwIfNotACapture(_ stop: CaptureStop?, isEmpty: Bool) throws(FerryError) {
        guard let stop else { return }
        let advice: String
        switch stop.reason {
        case .notACapture:
            advice = """
                Ferry reads pcap and pcapng, as tcpdump, dumpcap and `ferry-lab capture` write; `editcap` makes those of \
                many other kinds.
                """
        case .compressed(let program): advice = "Unpack it: `\(program) -dc FILE | ferry capture -`."
        case .cutShort, .damaged: return
        }
        throw FerryError(
            .captureNotACapture,
            operation: "read the capture",
            subject: path,
            cause: isEmpty ? "it is empty" : stop.description,
            advice: advice
        )
    }

    private func unreadable() -> FerryError {
        FerryError(
            .captureUnreadable,
            operation: "read the capture",
            subject: path,
            cause: String(cString: strerror(errno)),
            advice: "Check the path and its permissions."
        )
    }
}
