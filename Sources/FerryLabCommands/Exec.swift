internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command at a node of a lab.",
        discussion: "The exit status is the command's."
    )

    @OptionGroup var lab: LabName

    @Argument(help: "The node.")
    var node: String

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    func run() throws {
        let (process, place) = try LabChoice.node(node, lab.name)
        guard !command.isEmpty else { throw ValidationError("A command is missing, after --.") }
        throw LabProcess.become(command, at: place, of: process)
    }
}
