import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct FleetTopologyTests {
    private func topology(_ name: String) throws -> Topology {
        let path = URL(fileURLWithPath: TopologyReadingTests.case).deletingLastPathComponent()
            .appendingPathComponent("\(name).yaml").path
        return try TopologyFile(path: path).topology
    }

    @Test func fleetHasFiveHundredSourcesWithAnAddressEach() throws {
        let fleet = try topology("fleet")
        #expect(fleet.sources.count == 500)
        let addresses = fleet.links.filter { $0.near.node.hasPrefix("source") }.compactMap(\.near.address)
        #expect(Set(addresses).count == 500)
        // A switch of Linux has 1024 ports.
        #expect(fleet.links.count { $0.far.node == "lan" || $0.near.node == "lan" } <= 1024)
        let staging = try #require(fleet.staging)
        #expect(staging.node == "staging" && staging.address == "203.0.113.11")
    }

    @Test func keepingSomeLeavesTheRestOfTheNetwork() throws {
        let fleet = try topology("fleet")
        let few = fleet.keepingSources(12)
        #expect(few.sources == (1...12).map { "source\($0)" })
        #expect(few.nodes.count == fleet.nodes.count - 488 && few.links.count == fleet.links.count - 488)
        #expect(fleet.keepingSources(500) == fleet)
    }

    @Test func faultsOfSourcesThatAreGoneAreGone() throws {
        let text = """
            topology: t
            nodes:
              - { name: source, count: 2, place: source-host }
              - { name: hub, place: carrier }
            links:
              - name: way
                near: { node: source*, device: eth0 }
                far: { node: hub, device: "p{}" }
                line: { delay: 1ms }
            faults:
              - { name: near, summary: s, rules: [{ node: source2, nft: "table ip fault { }" }] }
              - { name: line, summary: s, lines: [{ link: way2, loss: 1% }] }
              - { name: far, summary: s, rules: [{ node: hub, nft: "table ip fault { }" }] }
              - { name: first, summary: s, lines: [{ link: way1, loss: 1% }] }
            """
        let whole = try Topology(parsing: text, path: "t")
        #expect(whole.keepingSources(2).faults.map(\.name) == ["near", "line", "far", "first"])
        #expect(whole.keepingSources(1).faults.map(\.name) == ["far", "first"])
    }

    @Test func ferrysOwnStagingServerFindsItsPortsFree() throws {
        let topology = try topology("case").withoutServices(at: "staging1")
        #expect(topology.nodes.first { $0.name == "staging1" }?.services.isEmpty == true)
        #expect(topology.nodes.first { $0.name == "staging2" }?.services.count == 3)
    }

    @Test func limitsThatAreTooLowAreNamedWithHowToRaiseThem() {
        #expect(RangeLimits(namespaces: 1000, files: 2000).missing(forNodes: 505).isEmpty)
        #expect(RangeLimits(namespaces: nil, files: 2000).missing(forNodes: 505).isEmpty)
        let missing = RangeLimits(namespaces: 100, files: 256).missing(forNodes: 505)
        #expect(missing.count == 2)
        #expect(missing[0].contains("user.max_net_namespaces=506") && missing[0].contains("may have 100"))
        #expect(missing[1].contains("ulimit -Hn 1017") && missing[1].contains("may have 256"))
    }

    @Test func memoryOfTheMachineIsRead() throws {
        let text =
            "MemTotal:  24684352 kB\nMemAvailable:   21861376 kB\nSlab:             154112 kB\nSReclaimable: 1 kB\n"
        let memory = try #require(MachineMemory(parsing: text))
        #expect(memory.slab == .kibibytes(154112) && memory.available == .kibibytes(21_861_376))
        #expect(MachineMemory(parsing: "Slab: 1 kB\n") == nil)
    }
}
