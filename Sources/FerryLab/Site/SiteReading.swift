internal import FerryCore

extension Topology.Site {
    static let protocols = ["ferry", "tls", "tcp", "http", "rsync"]
    static let relations = ["same-region", "other-cloud", "unrelated"]
    static let positions = Topology.places + ["other-public"]

    init(_ reader: LabFileReader, _ nodes: [Topology.Node]) {
        let nowhere = Endpoint(host: IPv4Address(bits: 0), port: 1)
        if let below = reader.mapping("suspect") {
            suspect = Endpoint(below, "protocol") ?? nowhere
        } else {
            reader.problem("\"suspect\" is missing: what fails")
            suspect = nowhere
        }
        controls = reader.mappings("controls").compactMap { Endpoint($0, "protocol") }
        let ports = reader.texts("alternatePorts")
        alternatePorts = ports.compactMap(Endpoint.port)
        if alternatePorts.count != ports.count {
            reader.problem("each of \"alternatePorts\" has to be a port from 1 to 65535", at: "alternatePorts")
        }
        otherDestinations = reader.mappings("otherDestinations").compactMap { Endpoint($0, "relation") }
        for below in reader.mappings("vantages") { vantages.append(Vantage(below, nodes)) }
        for below in reader.mappings("sourceAddresses") {
            let via = below.text("via")
            let address = below.parsed("address", "an address, as 192.0.2.1", { IPv4Address($0) })
            if !below.has("address") { below.problem("\"address\" is missing") }
            if let via, !vantages.contains(where: { $0.name == via }) {
                below.problem("\"\(via)\" is no vantage of this site", at: "via")
            }
            below.finish()
            if let address { sourceAddresses.append(SourceAddress(address: address, via: via)) }
        }
        path = reader.texts("path")
        if let below = reader.mapping("uplink") {
            uplink = below.parsed("capacity", "a rate, as 200Mbit/s", LabQuantities.rate)
            uplinkLink = below.text("link")
            below.finish()
        }
        reader.finish()
        if vantages.isEmpty { reader.problem("\"vantages\" is missing: the first is where the suspect fails") }
        var names: Set<String> = []
        for vantage in vantages where !names.insert(vantage.name).inserted {
            reader.problem("there are two vantages \"\(vantage.name)\"", at: "vantages")
        }
    }
}

extension Topology.Site.Vantage {
    init(_ reader: LabFileReader, _ nodes: [Topology.Node]) {
        name = reader.required("name")
        if !Topology.isName(name, most: 40) {
            reader.problem("\"\(name)\" is no name: letters, digits and hyphens", at: "name")
        }
        let known = Topology.Site.positions
        position = reader.required("position")
        if !known.contains(position) {
            reader.problem("\"\(position)\" is not one of \(known.joined(separator: ", "))", at: "position")
        }
        node = reader.required("node")
        if !nodes.contains(where: { [node] in $0.name == node }) {
            reader.problem("\"\(node)\" is no node", at: "node")
        }
        reader.finish()
    }
}

extension Topology.Site.Endpoint {
    /// - Parameter kind: the key that has to say what it is: `protocol` or `relation`.
    init?(_ reader: LabFileReader, _ kind: String) {
        name = reader.text("name")
        if !reader.has(kind) { reader.problem("\"\(kind)\" is missing") }
        func word(_ key: String, _ known: [String]) -> String? {
            reader.parsed(key, "one of \(known.joined(separator: ", "))") { known.contains($0) ? $0 : nil }
        }
        speaks = word("protocol", Topology.Site.protocols)
        relation = kind == "relation" ? word("relation", Topology.Site.relations) : nil
        for key in ["host", "port"] where !reader.has(key) { reader.problem("\"\(key)\" is missing") }
        let host = reader.parsed("host", "an address, as 192.0.2.1", { IPv4Address($0) })
        let port = reader.parsed("port", "a port from 1 to 65535", Self.port)
        reader.finish()
        guard let host, let port else { return nil }
        (self.host, self.port) = (host, port)
    }

    static func port(_ text: String) -> UInt16? { UInt16(text).flatMap { $0 > 0 ? $0 : nil } }
}
