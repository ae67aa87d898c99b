internal import FerryCore
internal import FerryPreCheck
internal import FerryTransport

/// Whether this server's identity is one that a staging server will accept, and for how long.
enum IdentityFinding {
    private static let week: Int64 = 7 * 86_400_000_000

    static func of(_ identity: TLSIdentity, now: UTCTime = .now()) -> PreCheckFinding {
        guard case .agent(let agent)? = identity.role else {
            return PreCheckFinding(
                .networkIdentity,
                .critical,
                "The identity is not an agent's",
                advice: "Issue one with \"ferry pki issue --agent\"."
            )
        }
        let renew = "Issue it again with \"ferry pki issue --agent \(agent)\"."
        guard let (from, until) = identity.validity else {
            return .unchecked(.networkIdentity, "How long the identity is valid", because: "it does not say")
        }
        if until < now {
            let seen = "The identity of agent \(agent) expired at \(until)"
            return PreCheckFinding(.networkIdentity, .critical, seen, advice: renew)
        }
        if now < from {
            let seen = "The identity of agent \(agent) is not valid before \(from)"
            return PreCheckFinding(
                .networkIdentity,
                .critical,
                seen,
                advice: "Set this server's clock. It says \(now)."
            )
        }
        let seen = "This server is agent \(agent) until \(until)"
        let isShort = until.microseconds - now.microseconds < week
        return PreCheckFinding(.networkIdentity, isShort ? .warning : .ok, seen, advice: isShort ? renew : "")
    }

    /// The finding for an identity that cannot be used at all.
    static func unusable(_ error: FerryError) -> PreCheckFinding {
        PreCheckFinding(
            .networkIdentity,
            .critical,
            "\(error.subject) cannot be used: \(error.cause)",
            advice: error.advice
        )
    }
}
