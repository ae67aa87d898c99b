import Foundation
import Glibc

/// Programs of the machine that set things up or tell something: run to the end, outside of every measurement.
enum Tool {
    /// The environment of everything that is started: nothing of the person's own configuration reaches a peer.
    static func environment(home: String) -> [String: String] {
        ["PATH": searchPath, "HOME": home, "LC_ALL": "C", "TMPDIR": home]
    }

    private static let searchPath: String = {
        let own = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return own + ":/usr/local/sbin:/usr/sbin:/sbin"
    }()

    /// The file that would be run for `name`; nil if there is none.
    static func path(of name: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        return searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Runs `words` and returns what it wrote to its standard output.
    /// - Throws: `BenchmarkError` with its last words if it did not exit with 0.
    @discardableResult
    static func run(_ words: [String], environment: [String: String]? = nil) throws(BenchmarkError) -> String {
        let result = try attempt(words, environment: environment)
        guard result.ending == .exited(0) else {
            let words = words.joined(separator: " ")
            throw BenchmarkError(.failure, "\"\(words)\" ended with \(result.ending): \(lastLines(result.complaints))")
        }
        return result.output
    }

    struct Result {
        var ending: ChildProcess.Ending
        var output: String
        var complaints: String
    }

    /// Runs `words` to the end, however that is.
    static func attempt(_ words: [String], environment: [String: String]? = nil) throws(BenchmarkError) -> Result {
        // Files, because a pipe that nobody empties would stop the program.
        guard let output = tmpfile(), let complaints = tmpfile() else {
            throw BenchmarkError(.failure, "could not make a temporary file: \(String(cString: strerror(errno)))")
        }
        defer {
            fclose(output)
            fclose(complaints)
        }
        let child = try ChildProcess.start(
            words,
            environment: environment ?? self.environment(home: "/nonexistent"),
            output: (fileno(output), fileno(complaints))
        )
        let ending = child.wait()
        return Result(ending: ending, output: text(fileno(output)), complaints: text(fileno(complaints)))
    }

    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled, off_t(filled))
            }
            guard count > 0 else { break }
            filled += count
        }
        return String(decoding: bytes[..<filled], as: UTF8.self)
    }

    /// The end of a text, in one line.
    static func lastLines(_ text: String, _ count: Int = 4) -> String {
        let lines = text.split(whereSeparator: \.isNewline).suffix(count)
        return lines.isEmpty ? "it said nothing" : lines.joined(separator: " | ")
    }
}

extension String {
    /// The text as one word of a shell command.
    var shellWord: String { "'" + replacing("'", with: "'\\''") + "'" }
}
