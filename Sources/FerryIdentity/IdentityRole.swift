public import FerryCore

/// What a certificate may be used for. A certificate has one role; no role stands in for another.
public enum IdentityRole: String, CaseIterable, Sendable {
    /// An agent that connects to a staging server.
    case agent
    /// A staging server that agents connect to.
    case staging
    /// A vantage that makes measurements for whoever diagnoses.
    case vantage
    /// Whoever diagnoses, and asks vantages.
    case `operator`
    /// The key with which a staging server signs its proofs; never used for a connection.
    case proof
}

/// Whom a certificate stands for: a role and a name, written into it as `ferry://agent/web-01`.
public struct Identity: Hashable, Sendable, CustomStringConvertible {
    /// The role.
    public let role: IdentityRole
    /// The name, unique within its role and authority.
    public let name: String

    /// An agent's identity.
    public init(agent: AgentName) {
        role = .agent
        name = agent.name
    }

    /// A staging server's identity.
    public init(staging: StagingName) {
        role = .staging
        name = staging.name
    }

    /// A vantage's identity.
    public init(vantage: AgentName) {
        role = .vantage
        name = vantage.name
    }

    /// The identity of whoever asks vantages.
    public init(operator: AgentName) {
        role = .operator
        name = `operator`.name
    }

    /// The identity of a staging server's proof key.
    public init(proofsOf staging: StagingName) {
        role = .proof
        name = staging.name
    }

    /// Reads the form that `uri` writes; nil for anything else.
    public init?(uri: String) {
        guard uri.hasPrefix(Identity.scheme) else { return nil }
        let parts = uri.dropFirst(Identity.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let role = IdentityRole(rawValue: String(parts[0])),
            let name = try? AgentName(String(parts[1]))
        else { return nil }
        self.role = role
        self.name = name.name
    }

    /// The identity as it stands in a certificate.
    public var uri: String { "\(Identity.scheme)\(role.rawValue)/\(name)" }

    /// The identity as `uri` has it.
    public var description: String { uri }

    static let scheme = "ferry://"
}
