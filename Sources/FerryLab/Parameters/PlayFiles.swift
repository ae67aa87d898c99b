internal import FerryCore
internal import Foundation

/// A file that plays in a topology beside it, and that topology, drawn and filled in.
struct PlayFiles {
    /// The file's text, with the values of parameters in it.
    let text: String
    let parameters: LabParameters
    let topology: Topology

    /// Reads the file at `path`, whose name is that of the key `named`, and its topology.
    /// - Parameter other: the topology to take instead of the one that the file names.
    init(
        path: String,
        named key: String,
        in other: String? = nil,
        _ choice: LabParameters.Choice
    ) throws(FerryError) {
        let raw = try LabText.read(path)
        var (name, beside) = ("", "")
        try LabFileReader.readPart(raw, path: path) { reader in
            name = reader.required(key)
            beside = reader.required("topology")
        }
        let topologyPath =
            other
            ?? (beside.hasPrefix("/")
                ? beside
                : URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(beside)
                    .standardizedFileURL.relativePath)
        let rawTopology = try LabText.read(topologyPath)
        parameters = try LabParameters(of: [(rawTopology, topologyPath), (raw, path)], subject: name, choice)
        var topology = try Topology(
            parsing: try parameters.filled(rawTopology, path: topologyPath),
            path: topologyPath
        )
        // What the chances of the lines begin with is drawn too.
        topology.seed = topology.seed &+ choice.seed &* 0x9E37_79B9
        self.topology = topology
        text = try parameters.filled(raw, path: path)
    }
}
