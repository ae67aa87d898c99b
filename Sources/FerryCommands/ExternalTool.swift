internal import FerryCore
internal import Glibc

/// Runs a program of the machine and waits for it.
enum ExternalTool {
    /// Runs `name` with `arguments`, its output on ours.
    /// - Throws: `FerryError` with `toolFailed` if it is missing or ends with anything but 0.
    static func run(_ name: String, _ arguments: [String], package: String) throws(FerryError) {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let result = posix_spawnp(&process, name, nil, nil, words, environ)
        guard result == 0 else {
            throw FerryError(
                .toolFailed,
                operation: "run",
                subject: name,
                cause: String(cString: strerror(result)),
                advice: "Install it: apt-get install \(package)."
            )
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
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
}
