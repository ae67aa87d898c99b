import FerryCore
import FerryEvidence
import FerryLab
import FerrySite
import Foundation
import Testing

/// Every site file that the lab writes for a diagnosis is one.
@Suite struct LabSiteFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Lab/scenarios").path
    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    @Test func thereAreSome() { #expect(LabSiteFileTests.files.count >= 60) }

    @Test(arguments: files) func whatTheLabWritesIsRead(_ name: String) throws {
        let scenario = try ScenarioFile(path: "\(LabSiteFileTests.folder)/\(name)")
        guard let known = scenario.topology.site else { return }
        for tier in 0...3 {
            var grants = scenario.scenario.grants
            grants.tier = tier
            var file = SiteFile(known, grants, folder: "/tmp/f")
            file.providerRecords = "exec:curl -sf http://198.51.100.9:80/blocks"
            file.monitor = "file:/tmp/f/egress.csv"
            file.history = "/tmp/f/events.jsonl"
            let site = try Site(parsing: file.text, from: "site.yaml")
            let left = file.site
            #expect(site.suspect.host == "\(left.suspect.host)" && site.suspect.port == left.suspect.port)
            #expect(site.suspect.speaks?.rawValue == left.suspect.speaks)
            #expect(site.controls.map(\.port) == left.controls.map(\.port))
            #expect(site.alternatePorts == left.alternatePorts)
            #expect(site.otherDestinations.map(\.relation?.rawValue) == left.otherDestinations.map(\.relation))
            #expect(site.vantages.map(\.name) == left.vantages.map(\.name))
            #expect(site.vantages.map(\.position.rawValue) == left.vantages.map(\.position))
            #expect(site.vantages.map(\.reach) == left.vantages.map { "unix:\(file.socket(of: $0))" })
            #expect(site.sourceAddresses.map(\.address) == left.sourceAddresses.map { "\($0.address)" })
            #expect(site.sourceAddresses.map(\.via) == left.sourceAddresses.map(\.via))
            #expect(site.path == left.path)
            #expect(site.uplink?.bitsPerSecond.map { $0 / 1000 } == left.uplink.map { $0.bitsPerSecond / 1000 })
            #expect((site.uplink?.monitor == nil) == grants.without.contains(.monitor))
            #expect(Set(site.allow.map(\.rawValue)) == Set(grants.allow.map(\.rawValue)))
            #expect(site.budget.minutes == grants.minutes && site.budget.suspectConnects == grants.suspectConnects)
        }
    }
}
