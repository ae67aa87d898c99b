public import FerryCore
internal import FerryProcess
internal import Foundation

/// Runs the programs that make and change networks, `ip` and `nft`, and those that look at them.
enum NetworkTool {
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
        let program: ChildProgram
        do throws(ChildProgramError) {
            program = try ChildProgram(
                words,
                input: fileno(inlet),
                output: fileno(outlet),
                complaints: fileno(complaints)
            )
        } catch {
            throw failed(words, error.text)
        }
        guard program.wait() == 0 else { throw failed(words, content(complaints)) }
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
