public import ArgumentParser
internal import FerryCore
public import FerryReport
internal import Glibc

extension ErrorCode {
    /// A report could not be written where it was asked for.
    static let reportOutput = ErrorCode("report.output", .input)
}

extension Report.Language: ExpressibleByArgument {}
extension Report.Format: ExpressibleByArgument {}

/// `ferry report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the report of an incident: what fails, why, by what that is known, and what to send to whom.",
        discussion: """
            INCIDENT is the folder that `ferry diagnose` has written. Nothing is asked of the network: the same incident gives \
            the same report.

            EXIT STATUS: 0 done, 1 Ferry failed, 2 the input is wrong.
            """
    )

    @Argument(help: ArgumentHelp("The incident's folder.", valueName: "incident"))
    var folder: String

    @Option(name: .customLong("lang"), help: "The language: en or zh.")
    var language = Report.Language.english

    @Option(help: "The format: md, or html for one file that a browser shows without fetching anything.")
    var format = Report.Format.markdown

    @Option(name: .shortAndLong, help: "Write to this file instead of the standard output.")
    var output: String?

    func run() throws {
        let incident = try Incident(reading: folder)
        let text = Report(incident).text(in: language, as: format)
        guard let output else { return print(text, terminator: "") }
        try ReportCommand.write(text, to: output)
    }

    private static func write(_ text: String, to path: String) throws(FerryError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ path: String, _ number: Int32) -> FerryError {
        FerryError(
            .reportOutput,
            operation: "write",
            subject: "the report to \(path)",
            cause: String(cString: strerror(number)),
            advice: "Name a file in a folder that you may write to."
        )
    }
}
