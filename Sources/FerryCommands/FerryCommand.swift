public import ArgumentParser
internal import FerryCore
internal import FerryIdentity
internal import FerryProcess
internal import Glibc

/// `ferry`: everything but the agent.
public struct FerryCommand: AsyncParsableCommand {
    /// The verbs.
    public static let configuration = CommandConfiguration(
        commandName: "ferry",
        abstract: "Move live servers into a cloud over networks that nobody controls.",
        discussion: "EXIT STATUS: 0 done, 1 Ferry failed, 2 the input is wrong, 3 done but the answer is no.",
        version: Release.version,
        subcommands: [
            DiagnoseCommand.self, ReportCommand.self, ProbeCommand.self, CaptureCommand.self, PKICommand.self,
            StagingCommand.self, ProofCommand.self,
        ]
    )

    /// Writes what is still to be written to the standard output. Returns the exit status, which is `status` if that worked or
    /// nobody reads it.
    public static func finish(_ status: Int32) -> Int32 {
        guard let problem = StandardOutput.finish() else { return status }
        StandardError.line(
            "ferry: not all could be written to the standard output: \(problem). Make room there, or name another place"
        )
        return status == 0 ? 1 : status
    }

    /// A command yet to be parsed.
    public init() {}

    /// Runs the command line and returns the exit status.
    public static func status(of words: [String]) async -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        HeapReuse.keepLargeBuffers()
        do {
            var command = try parseAsRoot(words)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as FerryError {
            StandardError.line("ferry: \(error)")
            return error.code.kind == .input ? 2 : 1
        } catch let answer as AnswerIsNo {
            StandardError.line("ferry: \(answer.text)")
            return 3
        } catch is CancellationError {
            StandardError.line("ferry: it was interrupted before it was done")
            return 1
        } catch {
            let text = fullMessage(for: error)
            let isHelp = exitCode(for: error) == .success
            if isHelp { print(text) } else if !text.isEmpty { StandardError.line(text) }
            return isHelp ? 0 : 2
        }
    }
}

/// What was asked could be found out, and the answer is no: exit status 3.
struct AnswerIsNo: Error {
    var text: String
}

enum Release {
    static let version = "0.1.0"
}

enum StandardError {
    /// Writes `text` as one line, or as the lines that it has.
    static func line(_ text: String) { write(printable(text) + "\n") }

    /// What is told may hold names of files, and words of strangers.
    static func printable(_ text: String) -> String { ForeignText.printable(text, keepsLines: true) }

    /// Writes `text` as it is.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
