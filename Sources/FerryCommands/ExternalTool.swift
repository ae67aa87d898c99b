internal import FerryCore
internal import FerryProcess

/// Runs a program of the machine and waits for it.
enum ExternalTool {
    /// Throws unless there is a program `name`: to be asked before work of hours that needs it at its end.
    static func require(_ name: String, package: String) throws(FerryError) {
        guard ChildProgram.path(of: name) != nil else { throw missing(name, "it is not installed", package: package) }
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
        let program: ChildProgram
        do throws(ChildProgramError) {
            program = try ChildProgram([name] + arguments)
        } catch {
            throw missing(name, error.text, package: package)
        }
        let status = withoutActuallyEscaping(waiting) { program.wait($0) }
        guard status == 0 else {
            throw FerryError(
                .toolFailed,
                operation: "run",
                subject: name,
                cause: status.map { "it ended with status \($0)" } ?? "a signal ended it",
                advice: "See what it said above."
            )
        }
    }

    private static func missing(_ name: String, _ cause: String, package: String) -> FerryError {
        FerryError(
            .toolFailed,
            operation: "run",
            subject: name,
            cause: cause,
            advice: "Install it: apt-get install \(package)."
        )
    }
}
