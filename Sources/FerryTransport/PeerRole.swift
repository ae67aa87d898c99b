public import FerryCore
public import NIOSSL

/// What a certificate of Ferry's authority lets its holder be, read from its URI name.
public enum PeerRole: Sendable, Hashable {
    /// `ferry://agent/NAME`
    case agent(AgentName)
    /// `ferry://staging/NAME`
    case staging(String)

    /// `ferry://vantage/NAME`
    case vantage(String)
    /// `ferry://operator/NAME`
    case `operator`(String)

    /// The role that `certificate` gives, or nil if it gives none.
    public init?(_ certificate: NIOSSLCertificate) {
        for name in certificate._subjectAlternativeNames() where name.nameType == .uri {
            let text = name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            if text.hasPrefix("ferry://agent/"), let agent = try? AgentName(String(text.dropFirst(14))) {
                self = .agent(agent)
                return
            }
            if text.hasPrefix("ferry://vantage/") {
                self = .vantage(String(text.dropFirst(16)))
                return
            }
            if text.hasPrefix("ferry://operator/") {
                self = .operator(String(text.dropFirst(17)))
                return
            }
            if text.hasPrefix("ferry://staging/") {
                self = .staging(String(text.dropFirst(16)))
                return
            }
        }
        return nil
    }
}
