public import FerryCore
internal import Foundation

/// The folder for what a run of real programs leaves: disks, volumes, identities, logs. It is gone when the run is released;
/// those of runs that were killed go when the next is made.
public final class RunFolder: Sendable {
    /// The folder.
    public let path: String
    private static let prefix = "ferry-lab-run-"

    /// Makes one among the temporary files of this user.
    /// - Throws: `FerryError` with `ErrorCode.labTool`.
    public init() throws(FerryError) {
        let parent = FileManager.default.temporaryDirectory.path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            guard let process = RunFolder.process(ofFolder: name), Glibc.kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            // One that is another user's stays: its files cannot be removed.
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
        path = "\(parent)/\(RunFolder.prefix)\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        guard mkdir(path, 0o700) == 0 else {
            throw FerryError(
                .labTool,
                operation: "make",
                subject: "the folder \(path)",
                cause: String(cString: strerror(errno)),
                advice: "Set TMPDIR to a folder of yours with room."
            )
        }
    }

    /// The process that a folder of this name belongs to.
    static func process(ofFolder name: String) -> Int32? {
        let parts = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard name.hasPrefix(prefix), parts.count == 2, let process = Int32(parts[0]), process > 0 else { return nil }
        return process
    }

    /// Checks that there is room for `size`.
    /// - Throws: `FerryError` with `ErrorCode.labTool`.
    public func check(roomFor size: ByteCount) throws(FerryError) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return }
        let free = ByteCount(UInt64(status.f_bavail) * UInt64(status.f_frsize))
        if free < size {
            throw FerryError(
                .labTool,
                operation: "use",
                subject: path,
                cause: "\(size) are needed, and \(free) are free",
                advice: "Set TMPDIR to a folder with room, or take fewer source servers or smaller disks."
            )
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
