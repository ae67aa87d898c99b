internal import FerryCore
internal import Glibc

/// A directory that did not exist or was empty, made private (0700), whose files appear whole or not at all.
///
/// Nothing that is there already is ever replaced: a key that is overwritten is gone.
struct NewDirectory: ~Copyable {
    let path: String
    private let handle: Int32
    private let wasMade: Bool
    private var written: [String] = []

    /// Makes `path`, or takes it if it is empty; `what` says what is to be written there.
    init(at path: String, for what: String) throws(FerryError) {
        let failed = { (cause: String, advice: String, code: ErrorCode) in
            FerryError(code, operation: "write \(what) to", subject: path, cause: cause, advice: advice)
        }
        let made = mkdir(path, 0o700) == 0
        if !made, errno == ENOENT {
            throw failed("its parent directory is not there", "Make the parent directory first.", .identityMissing)
        }
        if !made, errno != EEXIST {
            throw failed(
                IdentityFile.systemText(errno),
                "Give a directory that can be written.",
                .identityWriteFailed
            )
        }
        let handle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else {
            throw failed(IdentityFile.systemText(errno), "Give another directory.", .identityWriteFailed)
        }
        flock(handle, LOCK_EX)
        if let entry = NewDirectory.firstEntry(of: path) {
            close(handle)
            throw failed(
                "the directory is not empty (\(entry))",
                "Give a new or empty directory; nothing is ever overwritten.",
                .identityExists
            )
        }
        guard fchmod(handle, 0o700) == 0 else {
            let number = errno
            close(handle)
            throw failed(IdentityFile.systemText(number), "Give a directory of your own.", .identityWriteFailed)
        }
        if made { NewDirectory.synchronizeParent(of: handle) }
        self.path = path
        self.handle = handle
        wasMade = made
    }

    deinit { close(handle) }

    /// Writes one file under a temporary name, makes it durable, and gives it its name.
    mutating func write(_ name: String, _ text: String, mode: mode_t) throws(FerryError) {
        let temporary = ".\(name).new"
        let file = openat(handle, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failed(name, errno) }
        written.append(temporary)
        var number = IdentityFile.writeAll(Array(text.utf8), to: file)
        if number == nil, fchmod(file, mode) != 0 || fsync(file) != 0 { number = errno }
        if close(file) != 0, number == nil { number = errno }
        if let number { throw failed(name, number) }
        guard renameat(handle, temporary, handle, name) == 0 else { throw failed(name, errno) }
        written[written.count - 1] = name
        guard fsync(handle) == 0 else { throw failed(name, errno) }
    }

    /// Takes away what was written, so that the same command can be given again.
    mutating func discard() {
        for name in written { unlinkat(handle, name, 0) }
        written = []
        if wasMade { rmdir(path) }
    }

    private func failed(_ name: String, _ number: Int32) -> FerryError {
        IdentityFile.writeFailed(
            IdentityFile.path(path, name),
            number,
            advice: "Nothing was left behind; put it right and give the command again."
        )
    }

    /// Makes the directory's own entry durable. A parent that may not be opened is left to the file system.
    private static func synchronizeParent(of handle: Int32) {
        let parent = openat(handle, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    private static func firstEntry(of path: String) -> String? {
        guard let listing = opendir(path) else { return nil }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if ![".", "..", "lost+found"].contains(name) { return name }
        }
        return nil
    }
}
