import FerryCore

@testable import FerryLab

/// The case's network, with its site.
enum LabSite {
    static let nodes = """
        topology: t
        nodes:
          - { name: source1 }
          - { name: source2 }
          - { name: edge }
          - { name: outside }
          - { name: in-region }
          - { name: staging1 }

        """

    static let text = """
        site:
          suspect: { host: 203.0.113.11, port: 8703, protocol: rsync }
          controls:
            - { host: 203.0.113.11, port: 8080, protocol: http }
          alternatePorts: [8702]
          otherDestinations:
            - { name: same-region, host: 203.0.113.12, port: 8703, relation: same-region }
            - { name: other-cloud, host: 192.0.2.40, port: 8703, relation: other-cloud }
            - { name: unrelated, host: 192.0.2.70, port: 80, relation: unrelated }
          vantages:
            - { name: source, position: source-host, node: source1 }
            - { name: neighbour, position: source-host, node: source2 }
            - { name: edge, position: source-egress, node: edge }
            - { name: elsewhere, position: other-public, node: outside }
            - { name: in-region, position: cloud-network, node: in-region }
            - { name: staging, position: service, node: staging1 }
          sourceAddresses:
            - { address: 198.18.2.70, via: edge }
          path: [lan, "a \\"quoted\\": name"]
          uplink: { capacity: 200Mbit/s }

        """

    /// It.
    static func site() throws(FerryError) -> Topology.Site {
        guard let site = try Topology(parsing: nodes + text, path: "t.yaml").site else {
            preconditionFailure("the text has a site")
        }
        return site
    }
}
