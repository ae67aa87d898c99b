internal import Glibc
internal import Synchronization

/// Takes lines to a file descriptor, or keeps them for a while: nothing may be written to a file while its file system is
/// frozen.
final class LineSink: Sendable {
    private let descriptor: Int32
    /// What is kept; nil while lines go straight out.
    private let held = Mutex<[UInt8]?>(nil)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Whether it leads to a file, which may lie on a file system that is frozen.
    private var isFile: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Bytes that the file has; 0 if it is none.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_size : 0
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        let isKept = held.withLock { held in
            held?.append(contentsOf: bytes)
            return held != nil
        }
        if !isKept { put(bytes) }
    }

    /// Keeps what is written from now on, if it is for a file.
    func hold() {
        guard isFile else { return }
        held.withLock { if $0 == nil { $0 = [] } }
    }

    /// Writes what was kept, and lets all that follows straight out.
    func letGo() {
        if let bytes = held.withLock({ $0.take() }) { put(bytes) }
    }

    private func put(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
