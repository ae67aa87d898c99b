public import FerryCore
internal import FerryProcess
internal import Foundation

/// Where Ferry's own programs are.
public struct FerryPrograms: Sendable, Equatable {
    /// The path of `ferry`.
    public var ferry: String
    /// The path of `ferry-agent`.
    public var agent: String

    /// Programs at these paths.
    public init(ferry: String, agent: String) {
        self.ferry = ferry
        self.agent = agent
    }

    /// Finds them beside this program, and then where PATH says: those that were built together belong together.
    /// - Throws: `FerryError` with `ErrorCode.labTool` that names what is missing.
    public static func find() throws(FerryError) -> FerryPrograms {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = URL(fileURLWithPath: own).deletingLastPathComponent().path
        func path(_ name: String) -> String? {
            let beside = "\(folder)/\(name)"
            return access(beside, X_OK) == 0 ? beside : ChildProgram.path(of: name)
        }
        let (ferry, agent) = (path("ferry"), path("ferry-agent"))
        guard let ferry, let agent else {
            let missing = [ferry == nil ? "ferry" : nil, agent == nil ? "ferry-agent" : nil].compactMap { $0 }
            throw FerryError(
                .labTool,
                operation: "find",
                subject: missing.joined(separator: " and "),
                cause: "\(missing.count == 1 ? "it is" : "they are") neither in \(folder) nor in PATH",
                advice: "`make build` builds both; put them beside ferry-lab, or their folder into PATH."
            )
        }
        return FerryPrograms(ferry: ferry, agent: agent)
    }
}
