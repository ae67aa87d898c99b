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
        let folder = try LabChoice.folder(lab.name)
        let process = try folder.runningProcess()
        let nodes = try LabChoice.ask(.status, folder.name).status?.nodes ?? []
        guard let place = nodes.first(where: { $0.name == node }) else {
            throw FerryError(
                .labUnknown,
                operation: "find",
                subject: "the node \(node)",
                cause: "the lab \(folder.name) has \(nodes.map(\.name).joined(separator: ", "))",
                advice: "Name one of these."
            )
        }
        guard !command.isEmpty else { throw ValidationError("A command is missing, after --.") }
        throw LabProcess.become(command, at: place, of: process)
    }
}
