internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence

extension Site {
    /// The simple case: one suspect, and ports of the same host that work.
    /// - Parameter text: `HOST:PORT`.
    /// - Throws: `FerryError` with `ErrorCode.evidence`.
    init(suspect text: String, controls: [UInt16], speaks: ServiceProtocol) throws(FerryError) {
        let colon = text.lastIndex(of: ":") ?? text.startIndex
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        guard !host.isEmpty, let port = UInt16(text[colon...].dropFirst()), port > 0 else {
            throw FerryError(
                .evidence,
                operation: "use",
                subject: "\"\(text)\"",
                cause: "it is not HOST:PORT",
                advice: "Write it as 198.51.100.20:8703."
            )
        }
        guard !controls.contains(port) else {
            throw FerryError(
                .evidence,
                operation: "use",
                subject: "--control \(port)",
                cause: "it is the suspect's own port",
                advice: "Name a port of the same host that works."
            )
        }
        var suspect = Site.Endpoint(host: String(host), port: port)
        suspect.speaks = speaks
        self.init(suspect: suspect)
        self.controls = controls.map { control in
            var endpoint = Site.Endpoint(host: String(host), port: control)
            endpoint.speaks = .tcp
            return endpoint
        }
    }
}
