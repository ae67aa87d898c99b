public import FerryCore

/// Something that works today and should be put right: shown, never a reason to stop.
public struct IdentityWarning: Hashable, Sendable, CustomStringConvertible {
    /// The stable code.
    public let code: ErrorCode
    /// What was seen, as a clause: `web-01/key.pem can be read by others (mode 0644)`.
    public let finding: String
    /// What to do about it, as a sentence.
    public let advice: String

    /// The finding, its code and the advice.
    public var description: String { "\(finding) (\(code)). \(advice)" }
}

extension IdentityWarning {
    static func keyExposed(_ path: String, mode: UInt32) -> IdentityWarning {
        IdentityWarning(
            code: .identityKeyExposed,
            finding: "\(path) can be read by others than its owner (mode 0\(String(mode, radix: 8)))",
            advice: "Run `chmod 600 \(path)`; if others may have read it, issue a new identity."
        )
    }

    static func expiresSoon(_ path: String, end: UTCTime, now: UTCTime) -> IdentityWarning {
        IdentityWarning(
            code: .identityExpiresSoon,
            finding: "\(path) expires at \(end.toTheSecond); it is \(now.toTheSecond)",
            advice: "Issue a new identity with `ferry pki issue`."
        )
    }
}
