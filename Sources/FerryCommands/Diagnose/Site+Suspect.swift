internal import FerryAddress
internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence

extension Site {
    /// The simple case: one suspect, and ports of the same host that work.
    /// - Parameter text: `HOST:PORT`.
    /// - Throws: `FerryError` with `ErrorCode.badEndpoint`, `ErrorCode.badHostName`, or `ErrorCode.evidence` for a control.
    init(suspect text: String, controls: [ControlPort], speaks: ServiceProtocol) throws(FerryError) {
        let endpoint = try EndpointAddress(parsing: text)
        let port = endpoint.port
        let host =
            switch endpoint.host {
            case .address(let address): "\(address)"
            case .name(let name): "\(name)"
            }
        guard !controls.contains(where: { $0.port == port }) else {
            throw FerryError(
                .evidence,
                operation: "use",
                subject: "--control \(port)",
                cause: "it is the suspect's own port",
                advice: "Name a port of the same host that works."
            )
        }
        var suspect = Site.Endpoint(host: host, port: port)
        suspect.speaks = speaks
        self.init(suspect: suspect)
        self.controls = controls.map { control in
            var endpoint = Site.Endpoint(host: host, port: control.port)
            endpoint.speaks = control.speaks
            return endpoint
        }
    }
}
