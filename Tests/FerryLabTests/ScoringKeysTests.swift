import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct ScoringKeysTests {
    private func scenario(_ truth: String, _ more: String = "") throws(FerryError) -> Scenario {
        let text = """
            scenario: X
            title: t
            topology: t.yaml
            \(more)
            truth:
              causes: [anti-abuse-block]
              loci: [cloud-edge]
              mechanism: reset
              selector: []
              trigger: unknown
              remedy: ask-cloud-to-allowlist
            \(truth.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
            signs:
              - { from: a, to: "192.0.2.1:1", sees: OK }
            """
        let network = Topology(
            name: "t",
            nodes: [Topology.Node(name: "a")],
            links: [],
            faults: [],
            seed: 1
        )
        return try Scenario(parsing: text, path: "s.yaml", in: network)
    }

    @Test func memoryIsAWordOrHasSeconds() throws {
        #expect(try scenario("memory: fixed").truth.memorySeconds == nil)
        let truth = try scenario("memory: { kind: renewed-by-hits, seconds: 6 }").truth
        #expect(truth.memory == "renewed-by-hits" && truth.memorySeconds == 6)
    }

    @Test func limitsAreRead() throws {
        let truth = try scenario(
            """
            memory: fixed
            refusal: yes
            alike:
              - { tier: 1, causes: [host-ban], loci: [service], remedies: [tune-service], why: because }
            """
        ).truth
        #expect(truth.refusal && truth.alike.count == 1)
        #expect(truth.alike.first?.tier == 1 && truth.alike.first?.remedies == ["tune-service"])
        #expect(try !scenario("memory: fixed").truth.refusal)
    }

    @Test func grantsAreReadAndEverythingWithoutThem() throws {
        #expect(try scenario("memory: fixed").grants == Grants())
        let grants = try scenario(
            "memory: fixed",
            """
            grants:
              tier: 1
              without: [second-address, records]
              allow: [silence]
              budget: { minutes: 2.5, suspectConnects: 4 }
            """
        ).grants
        #expect(grants.tier == 1 && grants.without == [.secondAddress, .records] && grants.allow == [.silence])
        #expect(grants.minutes == 2.5 && grants.suspectConnects == 4)
    }

    @Test(arguments: ScenarioReadingTests.files) func scenarioCanBeScored(file: String) throws {
        let folder = URL(fileURLWithPath: TopologyReadingTests.case).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("scenarios")
        let path = folder.appendingPathComponent(file)
        let read = try ScenarioFile(path: path.path)
        let (scenario, site) = (read.scenario, read.topology.site)
        #expect(site?.granted(scenario.grants).vantages.isEmpty == false)
        // What cannot be told has something that it cannot be told from, with what is granted.
        let limits = scenario.truth.alike.filter { $0.tier >= scenario.grants.tier }
        #expect(!scenario.truth.refusal || limits.contains { !$0.causes.isEmpty && !$0.remedies.isEmpty })
    }

    @Test func everyProblemIsToldWithItsLine() {
        do {
            _ = try scenario(
                """
                memory: { kind: standing, seconds: -1 }
                refusal: perhaps
                alike:
                  - { tier: 4, causes: [gremlins], loci: [moon], remedies: [prayer] }
                """,
                "grants: { tier: x, without: [luck], allow: [everything], budget: { minutes: 0, dollars: 5 } }"
            )
            Issue.record("it was taken")
        } catch {
            for line in [
                "s.yaml:4: \"x\" is not a tier", "s.yaml:4: \"luck\" is not one of second-address",
                "s.yaml:4: \"everything\" is not one of", "s.yaml:4: \"0\" is not a number of minutes",
                "s.yaml:4: there is no key \"dollars\"", "s.yaml:12: \"standing\" is not one of none",
                "s.yaml:12: \"-1\" is not a number of seconds", "s.yaml:13: \"perhaps\" is not \"yes\" or \"no\"",
                "s.yaml:15: \"4\" is not a tier", "s.yaml:15: \"gremlins\" is not a cause",
                "s.yaml:15: \"moon\" is not a locus", "s.yaml:15: \"prayer\" is not a remedy",
                "s.yaml:15: \"why\" is missing",
            ] {
                #expect(error.cause.contains(line), "\(line)\n\(error.cause)")
            }
        }
    }
}
