internal import FerryCore
internal import Glibc

/// Keeps other servers out of a data directory while it lives. The kernel lets go of it when the program ends, however it
/// ends.
final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the data directory at `directory`.
    /// - Throws: `FerryError` with `stagingData` if another server has it.
    init(_ directory: String) throws(FerryError) {
        let path = "\(directory)/index/server.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StagingStore.unusable(directory, String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else {
                throw StagingStore.unusable(directory, "it cannot be locked: \(String(cString: strerror(number)))")
            }
            throw FerryError(
                .stagingData,
                operation: "use",
                subject: "the data directory \(directory)",
                cause: "another `ferry staging serve` is at work in it",
                advice:
                    "Stop that one first (`fuser \(path)` tells which it is), or name another directory with --data."
            )
        }
        self.descriptor = descriptor
    }

    deinit {
        // A program that is being started by this one holds the file, too, until it runs.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
