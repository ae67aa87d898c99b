internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Build the network that a topology file describes.")

    @Argument(help: "The topology file.")
    var file: String

    @Option(help: "The lab's name; that of the topology if not given.")
    var name: String?

    @OptionGroup var parameters: ParameterOptions

    func run() throws {
        let topology = try TopologyFile(path: file, parameters.choice).topology
        let called = name ?? topology.name
        guard LabFolder.isName(called) else {
            throw ValidationError("\"\(called)\" is no name of a lab: letters, digits, hyphens and dots, at most 40.")
        }
        let folder = LabFolder(name: called)
        if folder.process != nil {
            throw FerryError(
                .labTaken,
                operation: "bring up",
                subject: "the lab \(folder.name)",
                cause: "a lab of that name is up",
                advice: "`ferry-lab down --lab \(folder.name)` ends it; `--name` gives this one another name."
            )
        }
        try LabNeeds.check(nodes: topology.nodes.count)
        try folder.make()
        let seconds = try HoldStart.start(file, folder, parameters.words)
        for note in topology.lacking { print("note: \(note)") }
        let lines = topology.links.filter { $0.line != nil }.count
        print(
            "\(folder.name) is up: \(topology.nodes.count) nodes, \(topology.links.count) links (\(lines) with delay), "
                + "\(String(format: "%.2f", seconds)) s. ferry-lab exec NODE -- COMMAND runs something in it."
        )
    }
}
