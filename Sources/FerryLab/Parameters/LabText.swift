internal import FerryCore
internal import Foundation

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
