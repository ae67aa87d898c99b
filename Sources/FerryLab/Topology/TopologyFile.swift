public import FerryCore

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
