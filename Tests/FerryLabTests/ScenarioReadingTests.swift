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

    @Test func thereAreScenariosForMostCauses() { #expect(ScenarioReadingTests.files.count >= 60) }

    @Test(arguments: files) func scenarioOfAnySeedIsOneAndShowsWhetherSomethingIsBroken(file: String) throws {
        let path = ScenarioReadingTests.lab.appendingPathComponent("scenarios/\(file)").path
        for seed in 0...3 {
            var choice = LabParameters.Choice()
            choice.seed = UInt64(seed)
            let scenario = try ScenarioFile(path: path, choice).scenario
            // A broken network shows somewhere; one that is not, nowhere. A slow disk and an outage that is over show in
            // what a mover has seen.
            let isBroken = scenario.truth.causes != ["none"]
            let isSeen = scenario.signs.contains { $0.sees != [.ok] || !$0.shows.isEmpty }
            if !["source-slow"].contains(scenario.truth.causes.first), scenario.name != "B04" {
                #expect(isSeen == isBroken, "seed \(seed)")
            }
            #expect(file.lowercased().hasPrefix(scenario.name.lowercased() + "-"))
        }
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
            _ = try Scenario(
                parsing: text,
                path: "s.yaml",
                in: Topology(name: "t", nodes: [], links: [], faults: [], seed: 1)
            )
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
