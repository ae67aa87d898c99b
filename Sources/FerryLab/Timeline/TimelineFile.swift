public import FerryCore

/// A timeline file with the topology that it plays in, as they are in one run.
public struct TimelineFile: Sendable {
    /// The timeline.
    public let timeline: Timeline
    /// Its topology.
    public let topology: Topology

    /// Reads the timeline at `path`, and its topology.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(path: String, _ choice: LabParameters.Choice = LabParameters.Choice()) throws(FerryError) {
        let files = try PlayFiles(path: path, named: "timeline", choice)
        topology = files.topology
        timeline = try Timeline(parsing: files.text, path: path, in: files.topology)
    }
}
