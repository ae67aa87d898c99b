public import FerryCore

/// A scenario file with the topology that it plays in, as they are in one run: read, drawn, filled in, checked.
public struct ScenarioFile: Sendable {
    /// The scenario.
    public let scenario: Scenario
    /// Its topology.
    public let topology: Topology
    /// The parameters of both.
    public let parameters: LabParameters

    /// Reads the scenario at `path`, and its topology.
    /// - Parameter topology: the path of the topology to take instead of the one that the scenario names.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(
        path: String,
        in topology: String? = nil,
        _ choice: LabParameters.Choice = LabParameters.Choice()
    ) throws(FerryError) {
        let files = try PlayFiles(path: path, named: "scenario", in: topology, choice)
        parameters = files.parameters
        self.topology = files.topology
        scenario = try Scenario(parsing: files.text, path: path, in: files.topology)
    }
}
