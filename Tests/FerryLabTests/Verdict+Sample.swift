@testable import FerryLab

extension Verdict {
    /// The case's answer, changed by a test.
    static func sample(_ change: (inout Verdict) -> Void = { _ in }) -> Verdict {
        var verdict = Verdict(
            level: .likely,
            causes: ["anti-abuse-block"],
            loci: ["cloud-edge"],
            mechanism: "reset",
            selector: ["source-address", "destination-port"],
            trigger: "connection-rate",
            memory: Memory(kind: "fixed", seconds: 500...700),
            remedy: "ask-cloud-to-allowlist",
            confidence: 0.8
        )
        change(&verdict)
        return verdict
    }
}

extension Scenario.Truth {
    /// The case's truth, changed by a test.
    static func sample(_ change: (inout Scenario.Truth) -> Void = { _ in }) -> Scenario.Truth {
        var truth = Scenario.Truth(
            causes: ["anti-abuse-block"],
            loci: ["cloud-edge"],
            mechanism: "reset",
            selector: ["destination-port", "source-address"],
            trigger: "connection-rate",
            memory: "fixed",
            memorySeconds: 600,
            remedy: "ask-cloud-to-allowlist"
        )
        change(&truth)
        return truth
    }

    static let healthy = Scenario.Truth(
        causes: ["none"],
        mechanism: "none",
        trigger: "standing",
        memory: "none",
        remedy: "none"
    )
}
