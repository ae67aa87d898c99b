public import ArgumentParser
internal import FerryCore
internal import Glibc

/// `ferry-lab`: a network to break, on one machine.
public struct LabCommand: ParsableCommand {
    /// The verbs.
    public static let configuration = CommandConfiguration(
        commandName: "ferry-lab",
        abstract: "Builds a network in namespaces of this machine, and breaks it.",
        discussion: """
            Nothing of it reaches the network outside, and nothing is left of it when it ends.

            EXIT STATUS: 0 done, 1 Ferry failed, 2 the input is wrong, 3 done but the answer is no.
            """,
        version: "0.1.0",
        subcommands: [
            Up.self, Down.self, Status.self, Exec.self, Capture.self, Arm.self, Disarm.self, Draw.self, Run.self,
            List.self,
            Score.self, Fit.self,
            Fleet.self, Replay.self, Hold.self, Play.self, Examine.self, Record.self, Relive.self, Move.self,
        ]
    )

    /// A command yet to be parsed.
    public init() {}

    /// Runs the command line and returns the exit status.
    public static func status(of words: [String]) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(words)
            try command.run()
            return 0
        } catch let error as FerryError {
            line("ferry-lab: \(error)")
            return error.code.kind == .input ? 2 : 1
        } catch let exit as ExitCode {
            return exit.rawValue
        } catch {
            let text = fullMessage(for: error)
            let isHelp = exitCode(for: error) == .success
            if isHelp { print(text) } else if !text.isEmpty { line(text) }
            return isHelp ? 0 : 2
        }
    }

    static func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// Which of several labs is meant.
struct LabName: ParsableArguments {
    @Option(name: .customLong("lab"), help: "The lab, by the name it was given; not needed while only one is up.")
    var name: String?
}
