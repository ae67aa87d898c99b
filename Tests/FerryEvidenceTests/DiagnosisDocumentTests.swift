import FerryCore
import FerryEvidence
import Testing

@Suite struct DiagnosisDocumentTests {
    static let example = #"""
        { "schema": "ferry.diagnosis/1", "startedAt": "2018-06-27T04:00:00Z", "endedAt": "2018-06-27T04:03:32Z", "tier": 2,
          "verdict": {
            "level": "confirmed",
            "causes": ["anti-abuse-block"], "loci": ["cloud-edge"], "mechanism": "reset",
            "selector": ["source-address", "destination-port"], "trigger": "connection-rate",
            "memory": {"kind": "renewed-by-hits", "seconds": [5, 8]},
            "remedy": "ask-cloud-to-allowlist", "remedyOwner": "cloud", "confidence": 0.97 },
          "alternatives": [ {"causes": ["snat-port-exhaustion"], "remedy": "add-snat-addresses", "probability": 0.02} ],
          "indistinguishable": [ {"causes": ["a","b"], "separatedBy": "a capture on the staging server"} ],
          "untestedRivals": [ {"cause": "carrier-port-block", "why": "no second source address was granted"} ],
          "evidence": [ {"id": "e3", "says": "It fails.", "for": ["anti-abuse-block"], "against": [], "record": "p17"} ],
          "experiments": [ {"id": "E04", "pair": ["p3","p4"], "changed": "destination-port", "outcome": ["CONNECT_RST","OK"]} ],
          "probes": [ { "id": "p3", "…": "more" } ],
          "cost": {"suspectConnects": 6, "seconds": 212, "bytes": 18204},
          "ticket": {"to": "cloud", "text": "Please look."} }
        """#

    private func read(_ text: String) throws -> DiagnosisDocument {
        try JSONValue(parsing: text, from: "the example").decoded(as: DiagnosisDocument.self, from: "the example")
    }

    @Test func exampleIsReadAndWrittenAgain() throws {
        let document = try read(Self.example)
        #expect(document.verdict.level == .confirmed)
        #expect(document.verdict.memory.seconds == [5, 8])
        #expect(document.experiments[0].outcome == ["CONNECT_RST", "OK"])
        #expect(document.evidence[0].kind == nil)
        #expect(document.probes.map(\.id) == ["p3"])
        #expect(document.cost?.suspectConnects == 6)
        #expect(try read(JSONValue(encoding: document).json) == document)
    }

    @Test func aProbesRecordStandsBesideItsName() throws {
        var record = ProbeRecord(
            ProbePlan(id: "p7", vantage: "source", host: "198.51.100.20", port: 8703, speaks: .ferry),
            startedAt: "2018-06-27T04:00:00Z"
        )
        record.outcome = .connectReset
        var document = try read(Self.example)
        document.probes = [DiagnosisDocument.Probe(record)]
        let json = JSONValue(encoding: document)
        #expect(json["probes"]?.array?.first?["id"]?.text == "p7")
        #expect(json["probes"]?.array?.first?["outcome"]?.text == "CONNECT_RST")
        #expect(try read(json.json).probes[0].record == record)
    }

    @Test func onlyTheVerdictHasToBeThere() throws {
        let document = try read(
            #"""
            {"schema": "ferry.diagnosis/1", "verdict": {"level": "no-verdict", "causes": [], "loci": [], "mechanism": "none",
             "selector": [], "trigger": "unknown", "memory": {"kind": "unknown"}, "remedy": "collect-more-evidence",
             "confidence": 0}}
            """#
        )
        #expect(document.evidence.isEmpty && document.ticket == nil && document.verdict.remedyOwner == nil)
    }
}
