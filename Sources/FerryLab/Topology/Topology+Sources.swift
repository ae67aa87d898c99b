extension Topology {
    /// The names of the source servers, in the order of the file.
    public var sources: [String] { nodes.filter { $0.place == "source-host" }.map(\.name) }

    /// The first staging server, and its address; nil if there is none.
    public var staging: (node: String, address: String)? {
        for node in nodes where node.place == "service" {
            let ends = links.flatMap { [$0.near, $0.far] }.filter { $0.node == node.name }
            let address = ends.compactMap(\.address).first ?? node.addresses.first
            if let address { return (node.name, String(address.prefix { $0 != "/" })) }
        }
        return nil
    }

    /// The same network with only the first `count` of its source servers. Faults at the others are gone with them.
    public func keepingSources(_ count: Int) -> Topology {
        let gone = Set(sources.dropFirst(count))
        var copy = self
        copy.nodes.removeAll { gone.contains($0.name) }
        copy.links.removeAll { gone.contains($0.near.node) || gone.contains($0.far.node) }
        let links = Set(copy.links.map(\.name))
        copy.faults.removeAll { !$0.nodes.isDisjoint(with: gone) || !$0.links.isSubset(of: links) }
        return copy
    }

    /// The same network with nothing that answers at `node`: a program of Ferry's is to have its ports.
    public func withoutServices(at node: String) -> Topology {
        var copy = self
        for index in copy.nodes.indices where copy.nodes[index].name == node { copy.nodes[index].services = [] }
        return copy
    }
}

extension Topology {
    /// The address of the node with the cloud's console; nil without one.
    public var console: IPv4Address? {
        guard let node = nodes.first(where: { $0.services.contains { $0.kind == .console } }) else { return nil }
        let address = links.flatMap { [$0.near, $0.far] }.first { $0.node == node.name }?.address
        return address.flatMap { $0.split(separator: "/").first }.flatMap { IPv4Address($0) }
    }
}
