internal import FerryCore
internal import FerryLab
internal import Foundation

/// Programs that the commands start.
enum LabTool {
    /// This program.
    static var program: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
    }

    /// Waits for the end of `process`.
    /// - Returns: its exit status; 1 if it was killed.
    static func status(of process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 1
    }

    /// Runs a program to its end, unheard.
    static func succeeds(_ words: [String]) -> Bool {
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        return start(words, output: nowhere, complaints: nowhere).map { status(of: $0) == 0 } ?? false
    }

    /// Starts a program that reads nothing.
    static func start(_ words: [String], output: Int32, complaints: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        return posix_spawnp(&child, words[0], &actions, nil, &pointers, environ) == 0 ? child : nil
    }

    /// Turns this process into another program; returns only if that fails.
    static func become(_ words: [String]) -> FerryError {
        var pointers = words.map { strdup($0) } + [nil]
        execvp(words[0], &pointers)
        return FerryError(
            .labTool,
            operation: "run",
            subject: words.joined(separator: " "),
            cause: String(cString: strerror(errno)),
            advice: "Install it (apt-get install util-linux iproute2)."
        )
    }
}
