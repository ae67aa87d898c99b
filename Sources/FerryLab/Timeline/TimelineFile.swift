public import FerryCore
internal import Foundation

/// A timeline file with the topology that it plays in, as they are in one run.
public struct TimelineFile: Sendable {
    /// The timeline.
    public let timeline: Timeline
    /// Its topology.
    public let topology: Topology

    /// Reads the timeline at `path`, and its topology.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(path: String, _ choice: LabParameters.Choice = LabParameters.Choice()) throws(FerryError) {
        let raw = try LabText.read(path)
        var (name, beside) = ("", "")
        try LabFileReader.readPart(raw, path: path) { reader in
            name = reader.required("timeline")
            beside = reader.required("topology")
        }
        let topologyPath = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(beside)
            .standardizedFileURL.relativePath
        let rawTopology = try LabText.read(topologyPath)
        let parameters = try LabParameters(of: [(rawTopology, topologyPath), (raw, path)], subject: name, choice)
        topology = try Topology(parsing: try parameters.filled(rawTopology, path: topologyPath), path: topologyPath)
        timeline = try Timeline(parsing: try parameters.filled(raw, path: path), path: path, in: topology)
    }
}
