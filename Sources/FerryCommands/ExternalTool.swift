internal import FerryCore
internal import Glibc

/// Runs a program of the machine and waits for it.
enum ExternalTool {
    /// Throws unless there is a program `name`: to be asked before work of hours that needs it at its end.
    static func require(_ name: String, package: String) throws(FerryError) {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/bin:/usr/bin"
        let isThere = path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
        guard isThere else { throw missing(name, ENOENT, package: package) }
    }

    /// Runs `name` with `arguments`, its output on ours.
    /// - Parameter waiting: called again and again until it ends.
    /// - Throws: `FerryError` with `toolFailed` if it is missing or ends with anything but 0.
    static func run(
        _ name: String,
        _ arguments: [String],
        package: String,
        waiting: () -> Void
    ) throws(FerryError) {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let result = posix_spawnp(&process, name, nil, nil, words, environ)
        guard result == 0 else { throw missing(name, result, package: package) }
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process || (ended < 0 && errno != EINTR) { break }
            usleep(50_000)
            waiting()
        }
        guard status == 0 else {
            throw FerryError(
                .toolFailed,
                operation: "run",
                subject: name,
                cause: "it ended with status \(status >> 8 & 255)",
                advice: "See what it said above."
            )
        }
    }

    private static func missing(_ name: String, _ number: Int32, package: String) -> FerryError {
        FerryError(
            .toolFailed,
            operation: "run",
            subject: name,
            cause: String(cString: strerror(number)),
            advice: "Install it: apt-get install \(package)."
        )
    }
}
