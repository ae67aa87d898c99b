public import FerryCore

extension Topology {
    /// What the operator of a network knows of it: the site file of a diagnosis, with nodes for vantages.
    public struct Site: Sendable, Equatable {
        /// A place to connect to.
        public struct Endpoint: Sendable, Equatable {
            /// Its name; nil where there is only one of its kind.
            public var name: String?
            /// The address.
            public var host: IPv4Address
            /// The TCP port.
            public var port: UInt16
            /// What is spoken there: `ferry`, `tls`, `tcp`, `http` or `rsync`; nil for another destination.
            public var speaks: String?
            /// How another destination is related to the suspect: `same-region`, `other-cloud` or `unrelated`.
            public var relation: String?
        }

        /// A place to probe from. The first is the one that fails.
        public struct Vantage: Sendable, Equatable {
            /// Its name.
            public var name: String
            /// Where it is: a locus, or `other-public`.
            public var position: String
            /// The node of the topology.
            public var node: String
        }

        /// An address that the operator may leave by.
        public struct SourceAddress: Sendable, Equatable {
            /// The address.
            public var address: IPv4Address
            /// The vantage that leaves by it; nil for one to be bound to at the source.
            public var via: String?
        }

        /// What fails.
        public var suspect: Endpoint
        /// What does not, at the same host.
        public var controls: [Endpoint] = []
        /// Ports at which the suspect's service answers too.
        public var alternatePorts: [UInt16] = []
        /// Other places.
        public var otherDestinations: [Endpoint] = []
        /// Places to probe from.
        public var vantages: [Vantage] = []
        /// Addresses to leave by.
        public var sourceAddresses: [SourceAddress] = []
        /// What is known of the path, in free words.
        public var path: [String] = []
        /// What the uplink carries; nil if nobody knows.
        public var uplink: BitRate?
        /// The link of the topology that it is; nil if the site has no monitor.
        public var uplinkLink: String?
    }
}

extension Topology.Site {
    /// Whether a connection is one that the mover makes: from where it fails to what fails.
    func isMover(_ probe: PlainProbe) -> Bool {
        probe.node == vantages.first?.node && probe.address == suspect.host && probe.port == suspect.port
    }

    /// It as it is in a story: there, a real staging server is at the suspect's ports, and what stood there before is still
    /// elsewhere.
    func speaking(_ timeline: Timeline) -> Topology.Site {
        guard suspect.host == timeline.stagingAddress, timeline.ports.contains(suspect.port) else { return self }
        var site = self
        for index in otherDestinations.indices where otherDestinations[index].port == suspect.port {
            site.otherDestinations[index].speaks = otherDestinations[index].speaks ?? suspect.speaks
        }
        site.suspect.speaks = "tls"
        return site
    }

    /// What is left of it for a diagnosis with `grants`.
    ///
    /// An address that is withheld takes the vantage with it that leaves by it: whoever may probe from there has the address.
    public func granted(_ grants: Grants) -> Topology.Site {
        var site = self
        var kept = Set(vantages.map(\.name))
        func drop(_ positions: Set<String>) {
            for vantage in vantages where positions.contains(vantage.position) { kept.remove(vantage.name) }
        }
        if grants.tier < 2 { drop(["cloud-network", "service"]) }
        if grants.without.contains(.inRegion) { drop(["cloud-network"]) }
        if grants.without.contains(.staging) { drop(["service"]) }
        if grants.without.contains(.elsewhere) { drop(["other-public"]) }
        if grants.without.contains(.edge) { drop(["source-egress"]) }
        if grants.without.contains(.secondAddress) {
            for address in sourceAddresses { if let via = address.via { kept.remove(via) } }
            site.sourceAddresses = []
        }
        // The first is where it fails: without it there is nothing to diagnose.
        if let first = vantages.first { kept.insert(first.name) }
        site.vantages = vantages.filter { kept.contains($0.name) }
        site.sourceAddresses.removeAll { address in address.via.map { !kept.contains($0) } ?? false }
        if grants.without.contains(.otherDestinations) { site.otherDestinations = [] }
        if grants.without.contains(.alternatePorts) { site.alternatePorts = [] }
        return site
    }
}
