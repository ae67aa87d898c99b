internal import ArgumentParser
internal import FerryEvidence

/// A port of the suspect's host that works, as `8080` or `8080/http`.
struct ControlPort: Sendable {
    let port: UInt16
    let speaks: ServiceProtocol

    /// - Throws: `ValidationError`.
    init(parsing text: String) throws {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let protocolName = parts.count > 1 ? String(parts[1]) : ServiceProtocol.tcp.rawValue
        guard let port = UInt16(parts[0]), port > 0, let speaks = ServiceProtocol(rawValue: protocolName) else {
            let known = ServiceProtocol.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Give PORT or PORT/PROTOCOL, as 8080 or 8080/http; a protocol is one of \(known).")
        }
        (self.port, self.speaks) = (port, speaks)
    }
}
