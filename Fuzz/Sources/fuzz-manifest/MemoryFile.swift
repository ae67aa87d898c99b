internal import CFerryLinux
internal import Glibc

/// A file in memory: proofs are read from files, and a disk would be slower and wear out.
struct MemoryFile: ~Copyable {
    private let descriptor: CInt
    var path: String { "/proc/self/fd/\(descriptor)" }

    init(_ bytes: UnsafeRawBufferPointer) {
        descriptor = ferry_anonymous_file("proof")
        precondition(descriptor >= 0 && write(descriptor, bytes.baseAddress, bytes.count) == bytes.count)
    }

    deinit { close(descriptor) }
}
