import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct SiteTests {
    private func file(_ change: (inout Grants) -> Void = { _ in }) throws -> SiteFile {
        var grants = Grants()
        change(&grants)
        var file = SiteFile(try LabSite.site(), grants, folder: "/tmp/f")
        file.providerRecords = "exec:./records.sh"
        file.history = "events.jsonl"
        file.monitor = "file:egress.csv"
        return file
    }

    /// What another reader of YAML makes of the written file.
    private func read(_ file: SiteFile, _ body: (LabFileReader) -> Void) throws {
        try LabFileReader.read(file.text, path: "site.yaml") { reader in
            body(reader)
            // What a test does not look at is no problem.
            for key in reader.keys { _ = reader.has(key) }
        }
    }

    @Test func everythingIsWrittenAndReadAgain() throws {
        try read(try file()) { reader in
            let suspect = reader.mapping("suspect")
            #expect(suspect?.text("host") == "203.0.113.11" && suspect?.text("port") == "8703")
            #expect(suspect?.text("protocol") == "rsync")
            suspect?.finish()
            #expect(reader.mappings("controls").map { $0.text("port") } == ["8080"])
            #expect(reader.texts("alternatePorts") == ["8702"])
            #expect(
                reader.mappings("otherDestinations").map { $0.text("relation") }
                    == ["same-region", "other-cloud", "unrelated"]
            )
            let vantages = reader.mappings("vantages")
            #expect(vantages.map { $0.text("name") }.first == "source" && vantages.count == 6)
            #expect(vantages.map { $0.text("position") }.last == "service")
            #expect(vantages.map { $0.text("reach") }.first == "unix:/tmp/f/source.sock")
            #expect(reader.mappings("sourceAddresses").map { $0.text("via") } == ["edge"])
            #expect(reader.texts("path") == ["lan", "a \"quoted\": name"])
            let uplink = reader.mapping("uplink")
            #expect(uplink?.text("capacity") == "200000kbit/s" && uplink?.text("monitor") == "file:egress.csv")
            #expect(uplink?.text("capacity").flatMap(LabQuantities.rate) == .megabits(200))
            #expect(reader.text("providerRecords") == "exec:./records.sh" && reader.text("history") == "events.jsonl")
            #expect(reader.texts("allow") == ["source-address-swap", "rate-test", "silence"])
            #expect(reader.mapping("budget")?.text("suspectConnects") == "8")
        }
    }

    @Test(arguments: [(0, 4, false), (1, 4, false), (2, 6, false), (3, 6, true)])
    func tierDecidesWhatIsGiven(tier: Int, vantages: Int, hasRecords: Bool) throws {
        try read(try file { $0.tier = tier }) { reader in
            #expect(reader.mappings("vantages").count == vantages)
            #expect(reader.has("providerRecords") == hasRecords && reader.has("history"))
        }
    }

    @Test func whatIsWithheldIsNotGiven() throws {
        try read(try file { $0.without = Set(Grants.Withheld.allCases) }) { reader in
            // The neighbour leaves by no address that was named.
            #expect(reader.mappings("vantages").map { $0.text("name") } == ["source", "neighbour"])
            for key in ["sourceAddresses", "alternatePorts", "otherDestinations", "providerRecords", "history"] {
                #expect(!reader.has(key), "\(key)")
            }
            #expect(reader.mapping("uplink")?.has("monitor") == false)
        }
        // The address goes, and with it the vantage that leaves by it.
        try read(try file { $0.without = [.secondAddress] }) { reader in
            #expect(!reader.has("sourceAddresses"))
            #expect(!reader.mappings("vantages").contains { $0.text("name") == "edge" })
        }
        try read(try file { $0.without = [.edge] }) { #expect(!$0.has("sourceAddresses")) }
    }

    @Test func everyProblemOfASiteIsToldWithItsLine() {
        let text =
            LabSite.nodes + """
                site:
                  suspect: { host: here, port: 8703, protocol: gopher }
                  alternatePorts: [0]
                  otherDestinations:
                    - { name: x, host: 192.0.2.1, port: 80, relation: cousin }
                  vantages:
                    - { name: a, position: moon, node: source9 }
                    - { name: a, position: service, node: staging1 }
                  sourceAddresses:
                    - { address: 198.18.2.70, via: nobody }
                  uplink: { capacity: much }
                  motto: none
                """
        do {
            _ = try Topology(parsing: text, path: "t.yaml")
            Issue.record("it was taken")
        } catch {
            for line in [
                "t.yaml:10: \"gopher\" is not one of", "t.yaml:10: \"here\" is not an address", "t.yaml:11: each of",
                "t.yaml:13: \"cousin\" is not one of", "t.yaml:15: \"moon\" is not one of",
                "t.yaml:15: \"source9\" is no node", "there are two vantages \"a\"",
                "t.yaml:18: \"nobody\" is no vantage",
                "t.yaml:19: \"much\" is not a rate", "t.yaml:20: there is no key \"motto\"",
            ] {
                #expect(error.cause.contains(line), "\(line)\n\(error.cause)")
            }
        }
    }
}
