internal import FerryEvidence
internal import FerryPacket

/// How connections to the suspect look in a capture.
struct SuspectEnds: Sendable {
    /// Its addresses, as captures write them.
    private let addresses: Set<String>
    private let port: UInt16?

    init(_ incident: Incident) {
        var addresses: Set<String> = []
        if let suspect = incident.site?.suspect {
            addresses.insert(suspect.host.lowercased())
            for probe in incident.probes where suspect.isAt(probe.plan.host, probe.plan.port) {
                // A site may have a name where captures have addresses.
                if let destination = probe.destination {
                    addresses.insert(LaneEvent.parts(of: destination).host.lowercased())
                }
            }
        }
        self.addresses = addresses
        port = incident.site?.suspect.port
    }

    /// 0 for a connection to the suspect, 1 for one to its port at an address that may be the suspect's on the other side of
    /// a translation; nil for any other.
    func rank(_ flow: Flow) -> Int? {
        guard let port else { return 1 }
        let ends = [flow.client.end, flow.server.end].filter { $0.port == port }
        if ends.isEmpty { return nil }
        return ends.contains { addresses.contains("\($0.address)") } ? 0 : 1
    }
}
