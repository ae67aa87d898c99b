public import ArgumentParser

/// `ferry pki`: the built-in certificate authority.
public struct PKICommand: ParsableCommand {
    /// The verb and its parts.
    public static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Make the certificate authority and issue identities to agents and staging servers.",
        subcommands: [PKIInit.self, PKIIssue.self, PKIShow.self]
    )

    /// A command yet to be parsed.
    public init() {}
}

extension String {
    /// The text as one word of a shell command that can be pasted.
    var asShellWord: String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=:,@%+"
        let isPlain = !isEmpty && allSatisfy { plain.contains($0) }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
