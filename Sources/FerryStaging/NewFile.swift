internal import CFerryLinux
internal import FerryCore
internal import Glibc

/// A file that is being made: it has its name when it is whole and durable, and is gone if it never is. Nothing that is
/// there already is ever replaced.
final class NewFile {
    /// The name that it gets.
    let path: String
    /// The name that it has until then.
    let partial: String
    /// Open for reading and writing.
    let descriptor: Int32
    private var hasPartialName = true

    /// Makes an empty file under a name of its own.
    /// - Throws: `FerryError` with `stagingData` if there is something at `path` already, or of that other name.
    init(path: String) throws(FerryError) {
        guard access(path, F_OK) != 0 else { throw NewFile.unusable(path, "there is such a file already") }
        let partial = "\(path).partial"
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? FerryError(
                    .stagingData,
                    operation: "write to",
                    subject: partial,
                    cause: "there is such a file already: another run is at work on it, or was killed",
                    advice: "Wait for the other run, or remove the file if there is none; or name another with --out."
                )
                : NewFile.unusable(partial, String(cString: strerror(errno)))
        }
        self.path = path
        self.partial = partial
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if hasPartialName { unlink(partial) }
    }

    /// Takes its name away: it is there as long as this program has it open, whatever ends the program.
    func loseName() {
        unlink(partial)
        hasPartialName = false
    }

    /// By what another program finds it while this one has it open, whether it has a name or not.
    var pathForOthers: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// Makes it durable and gives it its name.
    func finish() throws(FerryError) {
        guard fsync(descriptor) == 0 else { throw NewFile.failure("synchronize", partial, errno) }
        var (own, named) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, lstat(partial, &named) == 0, own.st_ino == named.st_ino,
            own.st_dev == named.st_dev
        else { throw NewFile.unusable(partial, "somebody has put another file in its place meanwhile") }
        guard ferry_rename_new(partial, path) == 0 else {
            throw NewFile.unusable(
                path,
                errno == EEXIST ? "there is such a file by now" : String(cString: strerror(errno))
            )
        }
        hasPartialName = false
        try NewFile.synchronizeFolder(of: path)
    }

    private static func synchronizeFolder(of path: String) throws(FerryError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        defer { close(directory) }
        // A file system that cannot synchronize a folder at all says EINVAL.
        guard fsync(directory) == 0 || errno == EINVAL else { throw failure("synchronize", folder, errno) }
    }

    /// What went wrong with the file's bytes.
    static func failure(_ operation: String, _ path: String, _ number: Int32) -> FerryError {
        let isFull = number == ENOSPC || number == EDQUOT
        return FerryError(
            isFull ? .stagingNoSpace : .stagingData,
            operation: operation,
            subject: path,
            cause: String(cString: strerror(number)),
            advice: isFull
                ? "Name a file on a file system with more room; nothing was left behind."
                : "Check the disk that holds it, or name another file with --out; nothing was left behind.",
            retry: isFull ? .later : .permanent
        )
    }

    private static func unusable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .stagingData,
            operation: "write to",
            subject: path,
            cause: cause,
            advice: "Name another file with --out; nothing is ever overwritten."
        )
    }
}
