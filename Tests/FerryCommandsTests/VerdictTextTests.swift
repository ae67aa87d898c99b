import FerryEvidence
import Testing

@testable import FerryCommands

@Suite struct VerdictTextTests {
    private static func document(_ level: DiagnosisDocument.Level, _ causes: [String]) -> DiagnosisDocument {
        DiagnosisDocument(
            tier: 2,
            verdict: DiagnosisDocument.Verdict(
                level: level,
                causes: causes,
                loci: ["cloud-edge"],
                mechanism: "drop",
                selector: ["source-address"],
                trigger: "standing",
                memory: DiagnosisDocument.Memory(kind: "until-lifted"),
                remedy: "fix-security-group",
                remedyOwner: "staging-owner",
                confidence: 0.7
            )
        )
    }

    @Test func interruptedDiagnosisSaysHowToGoOn() {
        var document = Self.document(.likely, ["security-group"])
        #expect(!VerdictText(document: document, folder: "d").text.contains("interrupted"))
        document.interrupted = true
        let text = VerdictText(document: document, folder: "d").text
        #expect(text.contains("interrupted before it was sure: go on with --continue d"), "\(text)")
    }

    @Test func whatHoldsForOneCauseOfSeveralIsNotTold() {
        let text = VerdictText(document: Self.document(.indistinguishable, ["none", "load-balancer"]), folder: nil).text
        for word in ["selector", "trigger", "memory", "remedy"] { #expect(!text.contains(word), "\(text)") }
    }
}
