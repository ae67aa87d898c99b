internal import FerryCore
internal import Glibc

/// Whether there is room for what the agent remembers: it must not take the last of it from the server that it moves.
struct StateRoom: Sendable {
    /// The size of the file system that an open file lies on, and how much of it may still be written.
    struct Space: Sendable {
        var size: UInt64
        var available: UInt64
    }

    /// Asks about the file system of an open file; nil if it does not say.
    var space: @Sendable (Int32) -> Space?
    /// Memory that can be had without swapping; nil if the kernel does not say.
    var availableMemory: @Sendable () -> UInt64?

    /// The least that stays free on a file system: a tenth of it, at most this.
    private static let mostReserve: UInt64 = 1 << 30
    /// What is kept in memory may take this share of what is available.
    private static let shareOfMemory: UInt64 = 4

    /// What the kernel says.
    static let ofThisServer = StateRoom(
        space: { descriptor in
            var answer = statvfs()
            guard fstatvfs(descriptor, &answer) == 0, answer.f_blocks > 0 else { return nil }
            let unit = UInt64(answer.f_frsize)
            return Space(size: UInt64(answer.f_blocks) * unit, available: UInt64(answer.f_bavail) * unit)
        },
        availableMemory: {
            let descriptor = open("/proc/meminfo", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            for line in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("MemAvailable:") {
                return line.split(separator: " ").compactMap { UInt64($0) }.first.map { $0 << 10 }
            }
            return nil
        }
    )

    /// Refuses to write `needed` bytes more to the file `descriptor` at `path` if the reserve would be used up.
    /// - Throws: `FerryError` with `ErrorCode.stateUnusable`.
    func require(_ needed: UInt64, onFileSystemOf descriptor: Int32, _ path: String) throws(FerryError) {
        guard needed > 0, let space = space(descriptor) else { return }
        let reserve = min(space.size / 10, StateRoom.mostReserve)
        guard space.available < reserve || space.available - reserve < needed else { return }
        let missing = needed + reserve - space.available
        throw FerryError(
            .stateUnusable,
            operation: "write",
            subject: "the state file \(path)",
            cause: "it needs \(ByteCount(needed)) more, its file system has \(ByteCount(space.available)) left, and "
                + "\(ByteCount(reserve)) must stay free there",
            advice: "Free \(ByteCount(missing)) there, or name a directory on another file system with --state."
        )
    }

    /// Refuses to keep `needed` bytes more in memory if that is too large a share of it.
    /// - Throws: `FerryError` with `ErrorCode.stateUnusable`.
    func requireMemory(_ needed: UInt64) throws(FerryError) {
        guard let available = availableMemory(), needed > available / StateRoom.shareOfMemory else { return }
        throw FerryError(
            .stateUnusable,
            operation: "keep",
            subject: "the agent's state in memory",
            cause:
                "it needs \(ByteCount(needed)) more, and a quarter of the \(ByteCount(available)) that are available "
                + "is \(ByteCount(available / StateRoom.shareOfMemory))",
            advice: "Use --state with a directory that has room, instead of --no-state."
        )
    }
}
