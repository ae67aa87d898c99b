internal import FerryAddress
public import FerryEvidence

/// A suspect's host as diagnoses know it: by what it is called, and by the addresses that this has led to. One that is called by
/// a name in one site file and by an address in another is the same, and counts connections of both.
public struct SuspectIdentity: Sendable {
    /// What it is called.
    public let host: String
    private var addresses: Set<CanonicalHost>

    /// The host `host`.
    /// - Parameter addresses: where its name leads, as far as that is known.
    public init(_ host: String, addresses: [String] = []) {
        self.host = host
        self.addresses = Set(([host] + addresses).map { CanonicalHost($0) })
    }

    /// Learns where its name leads at a vantage.
    public mutating func learn(_ record: ProbeRecord) {
        guard CanonicalHost(record.plan.host) == CanonicalHost(host) else { return }
        addresses.formUnion(record.hostAddresses.map { CanonicalHost($0) })
    }

    /// Whether `other`, which has led to `others`, is the same host.
    func isSame(_ other: String, _ others: Set<IPAddress>) -> Bool {
        !addresses.isDisjoint(with: [CanonicalHost(other)] + others.map { CanonicalHost($0) })
    }
}

extension ProbeRecord {
    /// The addresses that its plan's host has led to, and the one that was connected to.
    var hostAddresses: Set<IPAddress> {
        var all = Set((resolved ?? []).compactMap { IPAddress(parsing: $0) })
        if let connected = destination.flatMap({ IPEndpoint(parsing: $0) }) { all.insert(connected.address) }
        return all
    }
}
