internal import ArgumentParser
internal import FerryEvidence

/// A port of the suspect's host that works, as `8080` or `8080/http`.
struct ControlPort: ExpressibleByArgument {
    let port: UInt16
    let speaks: ServiceProtocol

    init?(argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let port = UInt16(parts[0]), port > 0 else { return nil }
        guard let speaks = parts.count > 1 ? ServiceProtocol(rawValue: String(parts[1])) : .tcp else { return nil }
        (self.port, self.speaks) = (port, speaks)
    }
}
