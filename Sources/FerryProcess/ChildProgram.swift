internal import Glibc

/// Another program of the machine, run as a child of this one.
public struct ChildProgram: Sendable {
    /// Its process.
    public let process: Int32

    /// Where the program `name` is; nil if it is not installed. Where administration's programs are is looked at too,
    /// though a user's path may leave it out.
    public static func path(of name: String) -> String? {
        let folders =
            (getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin") + ":/usr/sbin:/sbin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Starts the program that the first of `words` names, with these descriptors for its standard ones; nil leaves it
    /// this program's. It belongs to the network namespace of the thread that starts it.
    /// - Parameter isApart: whether it is in a process group of its own, which Ctrl-C does not reach.
    /// - Throws: `ChildProgramError` if it cannot be started.
    public init(
        _ words: [String],
        input: Int32? = nil,
        output: Int32? = nil,
        complaints: Int32? = nil,
        isApart: Bool = false
    ) throws(ChildProgramError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [input, output, complaints].enumerated() {
            if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number)) }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if isApart {
            posix_spawnattr_setpgroup(&attributes, 0)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        }
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        // Not by its bare name: that would look only where PATH says.
        let path = words.first.map { $0.contains("/") ? $0 : ChildProgram.path(of: $0) ?? $0 } ?? ""
        let number = posix_spawnp(&child, path, &actions, &attributes, &pointers, environ)
        guard number == 0 else { throw ChildProgramError(number: number) }
        process = child
    }

    /// Waits until it ends.
    /// - Parameter waiting: called twenty times a second until then.
    /// - Returns: its exit status; nil if a signal ended it.
    public func wait(_ waiting: (() -> Void)? = nil) -> Int32? {
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, waiting == nil ? 0 : WNOHANG)
            if ended == process { break }
            if ended < 0, errno != EINTR { return nil }
            guard ended == 0 else { continue }
            usleep(50_000)
            waiting?()
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Asks it to end.
    public func terminate() { kill(process, SIGTERM) }
}

/// Why a program could not be started.
public struct ChildProgramError: Error {
    /// The kernel's error number.
    public var number: Int32
    /// It in words.
    public var text: String { String(cString: strerror(number)) }
}
