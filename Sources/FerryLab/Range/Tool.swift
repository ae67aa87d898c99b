public import FerryCore
internal import Foundation

/// Runs the programs that make and change namespaces: `ip`, `nft`, `tc`.
public enum Tool {
    /// Runs `words` with `input`, and returns what it wrote.
    /// - Throws: `FerryError` with `ErrorCode.labTool` and the program's own words if it does not end with 0.
    @discardableResult
    static func run(_ words: [String], input: String = "") throws(FerryError) -> String {
        // Files, because a pipe that nobody empties would stop the program.
        guard let inlet = tmpfile(), let outlet = tmpfile(), let complaints = tmpfile() else {
            throw failed(words, "no temporary file: \(String(cString: strerror(errno)))")
        }
        defer { for file in [inlet, outlet, complaints] { fclose(file) } }
        fputs(input, inlet)
        rewind(inlet)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in [inlet, outlet, complaints].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, fileno(file), Int32(number))
        }
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let number = posix_spawnp(&child, words[0], &actions, nil, &pointers, environ)
        guard number == 0 else { throw failed(words, String(cString: strerror(number))) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw failed(words, content(complaints)) }
        return content(outlet)
    }

    private static func content(_ file: UnsafeMutablePointer<FILE>) -> String {
        rewind(file)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Where a program is; nil if it is not installed.
    public static func path(of name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin:/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    private static func failed(_ words: [String], _ cause: String) -> FerryError {
        FerryError(
            .labTool,
            operation: "run",
            subject: words.joined(separator: " "),
            cause: cause.isEmpty ? "it said nothing" : cause,
            advice: "Look at what it says; the network outside the lab was not touched."
        )
    }
}

extension ErrorCode {
    /// A program that the lab needs is missing, or failed.
    public static let labTool = ErrorCode("lab.tool", .failure)
}
