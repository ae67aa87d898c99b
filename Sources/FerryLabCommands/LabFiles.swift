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

    /// The scenario file that `text` names: by its path, by the scenario's name, such as B51, or by
    /// the rest of the file's name, such as anti-abuse-block.
    static func scenarioPath(_ text: String) throws(FerryError) -> String {
        if text.contains("/") || text.hasSuffix(".yaml") { return text }
        let (start, end) = (text.lowercased() + "-", "-" + text + ".yaml")
        let named = try scenarios().filter { path in
            guard let file = path.split(separator: "/").last else { return false }
            return file.hasPrefix(start) || (file.hasSuffix(end) && !file.dropLast(end.count).contains("-"))
        }
        guard let path = named.first, named.count == 1 else {
            throw FerryError(
                .labFile,
                operation: "find",
                subject: "the scenario \(text)",
                cause: "\(named.count) files in Lab/scenarios are named \(start)... or ...\(end)",
                advice: "`ferry-lab list` lists them; a path names one anywhere."
            )
        }
        return path
    }
}
