public import FerryCore
internal import Foundation

/// A scenario file with the topology that it plays in, as they are in one run: read, drawn, filled in, checked.
public struct ScenarioFile: Sendable {
    /// The scenario.
    public let scenario: Scenario
    /// Its topology.
    public let topology: Topology
    /// The parameters of both.
    public let parameters: LabParameters

    /// Reads the scenario at `path`, and its topology.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(path: String, _ choice: LabParameters.Choice = LabParameters.Choice()) throws(FerryError) {
        let raw = try LabText.read(path)
        var (name, beside) = ("", "")
        try LabFileReader.readPart(raw, path: path) { reader in
            name = reader.required("scenario")
            beside = reader.required("topology")
        }
        let topologyPath = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(beside)
            .standardizedFileURL.relativePath
        let rawTopology = try LabText.read(topologyPath)
        parameters = try LabParameters(of: [(rawTopology, topologyPath), (raw, path)], subject: name, choice)
        var topology = try Topology(
            parsing: try parameters.filled(rawTopology, path: topologyPath),
            path: topologyPath
        )
        // What the chances of the lines begin with is drawn too.
        topology.seed = topology.seed &+ choice.seed &* 0x9E37_79B9
        scenario = try Scenario(parsing: try parameters.filled(raw, path: path), path: path, in: topology)
        self.topology = topology
    }
}

/// A topology file, as it is in one run.
public struct TopologyFile: Sendable {
    /// The topology.
    public let topology: Topology
    /// Its parameters.
    public let parameters: LabParameters

    /// Reads the topology at `path`.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(path: String, _ choice: LabParameters.Choice = LabParameters.Choice()) throws(FerryError) {
        let raw = try LabText.read(path)
        parameters = try LabParameters(of: [(raw, path)], subject: "", choice)
        topology = try Topology(parsing: try parameters.filled(raw, path: path), path: path)
    }
}

/// The text of a file of the lab.
enum LabText {
    static func read(_ path: String) throws(FerryError) -> String {
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
