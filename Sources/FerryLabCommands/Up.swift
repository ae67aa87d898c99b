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

    func run() throws {
        let topology = try LabFiles.topology(file)
        let folder = LabFolder(name: name ?? topology.name)
        if folder.process != nil {
            throw FerryError(
                .labTaken,
                operation: "bring up",
                subject: "the lab \(folder.name)",
                cause: "a lab of that name is up",
                advice: "`ferry-lab down --lab \(folder.name)` ends it; `--name` gives this one another name."
            )
        }
        try LabNeeds.check()
        try folder.make()
        let seconds = try HoldStart.start(file, folder)
        let lines = topology.links.filter { $0.line != nil }.count
        print(
            "\(folder.name) is up: \(topology.nodes.count) nodes, \(topology.links.count) links (\(lines) with delay), "
                + "\(String(format: "%.2f", seconds)) s. ferry-lab exec NODE -- COMMAND runs something in it."
        )
    }
}

enum LabFiles {
    /// The scenario files of the repository that is the current directory.
    static func scenarios() throws(FerryError) -> [String] {
        let folder = "Lab/scenarios"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
        guard !files.isEmpty else {
            throw FerryError(
                .labFile,
                operation: "find",
                subject: "scenarios in \(folder)",
                cause: "there are none here",
                advice: "Name scenario files, or go to the folder that holds Lab."
            )
        }
        return files
    }

    /// Reads a scenario file.
    static func scenario(_ path: String) throws(FerryError) -> Scenario {
        try Scenario(parsing: try text(path), path: path)
    }

    /// Reads a topology file.
    static func topology(_ path: String) throws(FerryError) -> Topology {
        try Topology(parsing: try text(path), path: path)
    }

    private static func text(_ path: String) throws(FerryError) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw FerryError(
                .labFile,
                operation: "read",
                subject: path,
                cause: error.localizedDescription,
                advice: "Name a file that is there, such as Lab/topologies/case.yaml."
            )
        }
    }
}
