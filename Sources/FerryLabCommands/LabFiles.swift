internal import FerryCore
internal import FerryLab
internal import Foundation

/// Topology and scenario files, by their paths.
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
