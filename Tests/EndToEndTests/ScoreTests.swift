import Foundation
import Testing

/// Diagnoses scored in the network range, by its own command.
@Suite(.enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""))
struct ScoreTests {
    private static let scenarios = ["b10-firewall-drop", "b38-carrier-port-block", "b51-anti-abuse-block"].map {
        "\(Programs.repository)/Lab/scenarios/\($0).yaml"
    }

    @Test func expertIsScoredOnThreeFaults() async throws {
        try await Lab.with { lab async throws in
            let (status, said) = try await lab.run(["score"] + Self.scenarios + ["--by", "expert", "--json"])
            #expect(status == 0, "\(said)")
            // What it says of its progress is between them.
            let lines = said.split(separator: "\n").filter { $0.hasPrefix("{") }
            let objects = try lines.map { line in
                try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
            try #require(objects.count == 4, "\(said)")
            for (object, cause) in zip(objects, ["firewall-drop", "carrier-port-block", "anti-abuse-block"]) {
                let scored = try #require(object["scored"] as? [String: Any], "\(object)")
                let verdict = try #require(scored["verdict"] as? [String: Any])
                let comparison = try #require(scored["comparison"] as? [String: Any])
                #expect(verdict["causes"] as? [String] == [cause])
                for key in ["remedy", "locus", "selector"] { #expect(comparison[key] as? Bool == true, "\(key)") }
                // Counted by the source's own rules: three at first, three after a silence.
                #expect(scored["suspectConnects"] as? Int == 6)
                #expect(scored["harm"] as? Double == 0)
            }
            let total = try #require(objects.last?["total"] as? [String: Any])
            #expect((total["remedy"] as? [String: Any])?["value"] as? Double == 1)
        }
    }

    @Test func gateIsMissedByTheTelnetsOfTheCase() async throws {
        try await Lab.with { lab async throws in
            let html = "\(lab.folder)/card.html"
            let words = ["score", Self.scenarios[2], "--by", "telnet", "--gate", "0.9", "--html", html]
            let (status, said) = try await lab.run(words)
            #expect(status == 3 && said.contains("egress-saturation"), "\(said)")
            #expect(try String(contentsOfFile: html, encoding: .utf8).contains("egress-saturation"))
        }
    }

    @Test func whatCannotBeScoredIsSaid() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("score").status == 2)
            #expect(try await lab.run("score", "B99", "--by", "expert").status == 2)
            let topology = "\(lab.folder)/bare.yaml"
            try "topology: bare\nnodes: [{ name: a }]\n".write(toFile: topology, atomically: true, encoding: .utf8)
            let scenario = "\(lab.folder)/bare-scenario.yaml"
            try """
            scenario: X
            title: nobody knows what to ask of it
            topology: bare.yaml
            truth: { causes: [none], loci: [], mechanism: none, selector: [], trigger: standing, memory: none, remedy: none }
            signs: [{ from: a, to: "192.0.2.1:1", sees: OK }]
            """.write(toFile: scenario, atomically: true, encoding: .utf8)
            let (status, said) = try await lab.run("score", scenario, "--by", "expert")
            #expect(status == 0 && said.contains("X skipped: the topology bare has no \"site\""), "\(said)")
        }
    }
}
