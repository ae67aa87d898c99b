import FerryCore
import FerryEvidence
import FerrySite
import Testing

/// What has to be read, in every form that it may be written in.
@Suite struct SiteFileTests {
    static let whole = #"""
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
        guards: { secondsBetweenConnects: 90, connectsPerTenMinutes: 3, secondsAfterKill: 240 }
        """#

    private func read(_ text: String) throws -> Site { try Site(parsing: text, from: "site.yaml") }

    @Test func everyKeyIsRead() throws {
        let site = try read(Self.whole)
        #expect(site.suspect.host == "198.51.100.20" && site.suspect.port == 8703 && site.suspect.speaks == .ferry)
        #expect(site.controls.map(\.port) == [8080] && site.controls[0].speaks == .http)
        #expect(site.alternatePorts == [8702])
        #expect(site.otherDestinations.map(\.relation) == [.sameRegion, .otherCloud, .unrelated])
        #expect(site.otherDestinations.map(\.name) == ["same-region", "other-cloud", "unrelated"])
        #expect(site.vantages.map(\.name) == ["source", "edge", "neighbour", "elsewhere", "in-region", "staging"])
        #expect(site.vantages[1].position == .sourceEgress && site.vantages[1].reach == "tls://10.0.0.9:8710")
        #expect(site.sourceAddresses.map(\.address) == ["203.0.113.62", "203.0.113.60", "203.0.113.61"])
        #expect(site.sourceAddresses.map(\.via) == [nil, "neighbour", nil])
        #expect(site.path == ["lan", "firewall", "load-balancer-snat", "edge", "carrier-a", "cloud-edge"])
        #expect(site.uplink == Site.Uplink(bitsPerSecond: 200_000_000, monitor: "file:egress.csv"))
        #expect(site.providerRecords == "exec:./block-records.sh" && site.history == "ferry-events.jsonl")
        #expect(site.allow == Set(Site.Permission.allCases))
        #expect(site.budget.minutes == 12.5 && site.budget.suspectConnects == 6)
        #expect(site.guards?.secondsBetweenConnects == 90 && site.guards?.connectsPerTenMinutes == 3)
        #expect(site.guards?.secondsAfterKill == 240)
        #expect(site.folder == nil)
    }

    @Test func blockStyleSaysTheSame() throws {
        let site = try read(
            """
            %YAML 1.2
            ---
            suspect:
              host: 198.51.100.20
              port: 8703
              protocol: ferry
            controls:
              - host: 198.51.100.20
                port: 8080
                protocol: "http"
            alternatePorts:
              - 8702
            path:
              - lan
              - '防火墙'
            uplink:
              capacity: 200 Mbit/s
            allow: silence
            budget:
              minutes: 3
            ...
            """
        )
        #expect(site.controls == (try read(Self.whole)).controls && site.alternatePorts == [8702])
        #expect(site.path == ["lan", "防火墙"] && site.allow == [.silence])
        #expect(site.uplink?.bitsPerSecond == 200_000_000 && site.uplink?.monitor == nil)
        #expect(site.budget.minutes == 3 && site.budget.suspectConnects == 8)
    }

    @Test(arguments: [
        ("198.51.100.20:8703", "198.51.100.20"), ("staging.example.com:8703", "staging.example.com"),
        ("\"[2001:db8::20]:8703\"", "2001:db8::20"), ("{\"host\": \"a.example\", \"port\": 8703}", "a.example"),
        ("{host: xn--fsq.example., port: '8703'}", "xn--fsq.example."),
        ("{host: 2001:db8::20, port: 8703}", "2001:db8::20"),
    ]) func suspectCanBeWrittenInSeveralWays(_ text: String, _ host: String) throws {
        let site = try read("suspect: \(text)\n")
        #expect(site.suspect.host == host && site.suspect.port == 8703)
        #expect(site == Site(suspect: site.suspect))
    }

    @Test func theSameAsJSON() throws {
        let site = try read(
            #"{"suspect": {"host": "198.51.100.20", "port": 8703}, "controls": ["198.51.100.20:8080"], "allow": [], "path": null}"#
        )
        #expect(site.controls.map(\.port) == [8080] && site.allow.isEmpty && site.path.isEmpty)
    }

    @Test func guardsThatAreNotGivenAreTheUsualOnes() throws {
        #expect(try read("suspect: a.example:8703\n").guards == nil)
        #expect(try read("suspect: a.example:8703\nguards: {}\n").guards == Site.Guards())
        var guards = Site.Guards()
        guards.secondsAfterKill = 86400
        #expect(try read("suspect: a.example:8703\nguards: { secondsAfterKill: 86400 }\n").guards == guards)
    }

    @Test func aByteOrderMarkAndCarriageReturnsAreTaken() throws {
        let site = try read("\u{FEFF}suspect: a.example:8703\r\nalternatePorts: [1, 2]\r\n")
        #expect(site.alternatePorts == [1, 2])
    }

    @Test func keysWithNothingAfterThemAreAsGoodAsMissing() throws {
        let site = try read(
            "suspect: a.example:8703\ncontrols:\nuplink: ~\nhistory: null\nbudget:\nguards:\nvantages: []\n"
        )
        #expect(site == Site(suspect: site.suspect))
    }
}
