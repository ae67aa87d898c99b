internal import FerryCore
internal import Glibc

/// Text that goes into a file that a person named.
enum OutputText {
    static func write(_ text: String, to path: String) throws(FerryError) {
        func failure() -> FerryError {
            FerryError(
                .captureNotWritten,
                operation: "write",
                subject: path,
                cause: String(cString: strerror(errno)),
                advice: "Name a file that can be written to."
            )
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            sent += count
        }
    }
}
