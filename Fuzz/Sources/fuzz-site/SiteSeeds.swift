internal import FuzzLoop

/// One file in each style, and one of each thing that is refused.
enum SiteSeeds {
    static func all() -> [FuzzLoop.Seed] {
        ([flow, block, json] + refused).enumerated().map { ("\($0)", Array($1.utf8)) }
    }

    private static let flow = #"""
        suspect:  { host: 198.51.100.20, port: 8703, protocol: ferry }   # ferry | tls | tcp | http | rsync
        controls: [ { host: 198.51.100.20, port: 8080, protocol: http } ]
        alternatePorts: [8702]
        otherDestinations:
          - { name: same-region, host: 198.51.100.21, port: 8703, relation: same-region }
          - { name: other-cloud, host: 192.0.2.40, port: 8703, relation: other-cloud }
          - { name: unrelated,   host: 192.0.2.50, port: 80,   relation: unrelated }
        vantages:                       # where probes can be made from; the first is the failing one
          - { name: source,    position: source-host,  reach: "unix:/run/ferry/source.sock" }
          - { name: edge,      position: source-egress, reach: "tls://10.0.0.9:8710" }
          - { name: neighbour, position: source-host, reach: "tls://10.0.0.8:8710" }
          - { name: elsewhere, position: other-public,  reach: "tls://192.0.2.30:8710" }
          - { name: in-region, position: cloud-network, reach: "tls://198.51.100.30:8710" }
          - { name: staging,   position: service,       reach: "tls://198.51.100.20:8710" }
        sourceAddresses:
          - { address: 203.0.113.62 }
          - { address: 203.0.113.60, via: neighbour }
          - 203.0.113.61
        path: [ lan, firewall, load-balancer-snat, edge, carrier-a, cloud-edge ]
        uplink: { capacity: 200Mbit/s, monitor: "file:egress.csv" }
        providerRecords: "exec:./block-records.sh"
        history: "ferry-events.jsonl"
        allow: [ source-address-swap, rate-test, silence ]
        budget: { minutes: 12.5, suspectConnects: 6 }
        """#

    private static let block = """
        %YAML 1.2
        ---
        suspect:
          host: staging.example.com
          port: 8703
        controls:
          - host: 2001:db8::20
            port: '8080'
        allow: silence
        uplink:
          capacity: 1.5 Gbit/s
        path:
          - |-
            lan
          - >-
            firewall
            of the site
        budget: ~
        ...
        """

    private static let json =
        #"{"suspect": {"host": "a.example", "port": 8703}, "path": ["a\u00e9", "b"], "history": null}"#

    private static let refused = [
        "suspect: &a b.example:1\ncontrols: [*a]\n", "suspect: [2001:db8::1]:80\n",
        "suspect: a.example:1\nbudget: {<<: {}}\n",
        "suspect: !!str a.example:1\n", "? [a]\n: b\n", "--- a\n--- b\n", "a: [[[[[[[[[[[[[[[[[[[[",
        "path: \"\\x07\\uD800\"\n",
    ]
}
