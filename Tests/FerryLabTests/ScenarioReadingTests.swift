import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct ScenarioReadingTests {
    private static let lab = URL(fileURLWithPath: TopologyReadingTests.case).deletingLastPathComponent()
        .deletingLastPathComponent()

    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: lab.appendingPathComponent("scenarios").path))?
        .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

    @Test func thereAreScenarios() { #expect(ScenarioReadingTests.files.count >= 20) }

    @Test(arguments: files) func scenarioNamesAFaultAndNodesOfItsTopology(file: String) throws {
        let path = ScenarioReadingTests.lab.appendingPathComponent("scenarios/\(file)")
        let scenario = try Scenario(parsing: String(contentsOf: path, encoding: .utf8), path: path.path)
        let topologyPath = path.deletingLastPathComponent().appendingPathComponent(scenario.topology)
        let topology = try Topology(
            parsing: String(contentsOf: topologyPath, encoding: .utf8),
            path: topologyPath.path
        )
        #expect(scenario.fault == nil || topology.faults.contains { $0.name == scenario.fault })
        for sign in scenario.signs { #expect(topology.nodes.contains { $0.name == sign.probe.node }) }
        // A broken network shows somewhere; one that is not, nowhere.
        let isBroken = scenario.truth.causes != ["none"]
        #expect(scenario.signs.contains { $0.sees != [.ok] } == isBroken)
        #expect(file.lowercased().hasPrefix(scenario.name.lowercased() + "-"))
    }

    @Test func everyProblemIsToldWithItsLine() {
        let text = """
            scenario: X
            title: t
            topology: t.yaml
            truth:
              causes: [gremlins]
              loci: [moon]
              mechanism: magic
              selector: [colour]
              trigger: standing
              memory: none
            signs:
              - { from: a, to: nowhere, sees: OK }
              - { from: a, to: "192.0.2.1:1", sees: FINE, extra: 1 }
            """
        do {
            _ = try Scenario(parsing: text, path: "s.yaml")
            Issue.record("it was taken")
        } catch {
            for line in [
                "s.yaml:5: \"gremlins\" is no cause", "s.yaml:6: \"moon\" is not one of",
                "s.yaml:7: \"magic\" is not one of",
                "s.yaml:8: \"colour\" is not one of", "\"remedy\" is missing", "s.yaml:12: \"to\" has to be an address",
                "s.yaml:13: \"sees\" has to be", "s.yaml:13: there is no key \"extra\"",
            ] {
                #expect(error.cause.contains(line), "\(line)\n\(error.cause)")
            }
        }
    }
}
