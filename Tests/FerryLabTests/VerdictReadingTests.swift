import FerryCore
import Testing

@testable import FerryLab

@Suite struct VerdictReadingTests {
    @Test func verdictComesBackFromItsJSON() throws {
        let verdict = Verdict.sample {
            $0.alternatives = [.init(causes: ["host-ban", "policer"], remedy: "tune-service", probability: 0.15)]
            $0.indistinguishable = [.init(causes: ["host-ban", "security-group"], separatedBy: "a \"capture\"")]
            $0.tier = 2
            $0.cost = .init(suspectConnects: 6, seconds: 212.5, bytes: 18204)
        }
        #expect(try Verdict(parsing: verdict.json, from: "test") == verdict)
    }

    @Test func whatIsNotScoredIsPassedOver() throws {
        let text = """
            { "schema": "ferry.diagnosis/1", "startedAt": "2018-06-13T14:00:00Z", "tier": 2, "later": [1],
              "verdict": { "level": "confirmed", "causes": ["none"], "loci": [], "mechanism": "none", "selector": [],
                "trigger": "unknown", "memory": {"kind": "none"}, "remedy": "none", "remedyOwner": "nobody",
                "confidence": 1, "colour": "green" },
              "untestedRivals": [], "evidence": [ {"id": "e3"} ], "probes": [],
              "cost": {"suspectConnects": 6, "seconds": 212, "bytes": 18204, "money": 3}, "ticket": null }
            """
        let verdict = try Verdict(parsing: text, from: "test")
        #expect(verdict.level == .confirmed && verdict.memory.seconds == nil && verdict.cost.bytes == 18204)
    }

    @Test func everyProblemIsToldWithItsPlace() {
        var text = Verdict.sample().json
        for (old, new) in [
            ("\"anti-abuse-block\"", "\"gremlins\""), ("\"cloud-edge\"", "\"moon\""), ("0.8", "1.8"),
            ("\"likely\"", "\"surely\""), ("[500,700]", "[700,500]"), ("ferry.diagnosis/1", "ferry.diagnosis/9"),
        ] {
            text = text.replacing(old, with: new)
        }
        expect(
            text,
            [
                "verdict.causes: \"gremlins\" is not in the vocabulary", "verdict.loci: \"moon\"",
                "verdict.confidence: 1.8", "verdict.level: \"surely\"",
                "verdict.memory.seconds: it has to be two numbers",
                "schema: it is \"ferry.diagnosis/9\"",
            ]
        )
        expect("no", ["it is no JSON"])
        expect(Verdict.sample().json.replacing("\"remedy\":", with: "\"cure\":"), ["verdict.remedy is missing"])
        expect(Verdict.sample().json.replacing("0.8", with: "\"high\""), ["verdict.confidence: "])
        expect(Verdict.sample { $0.level = .indistinguishable }.json, ["what is indistinguishable has two or more"])
    }

    private func expect(_ text: String, _ causes: [String]) {
        do {
            _ = try Verdict(parsing: text, from: "test")
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .labVerdict)
            for cause in causes { #expect(error.cause.contains(cause), "\(cause)\n\(error.cause)") }
        }
    }
}
