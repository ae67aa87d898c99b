public import FerryCore

/// The name a staging server proves with its certificate.
public struct StagingName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: String

    /// A staging server named `name`, by the same rule as an agent.
    /// - Throws: `FerryError` with `ErrorCode.badName`.
    public init(_ name: String) throws(FerryError) {
        do {
            self.name = try AgentName(name).name
        } catch {
            var error = error
            error.subject = "as the name of a staging server"
            throw error
        }
    }

    /// The name.
    public var description: String { name }
}
