internal import FerryCore
internal import FerryEvidence

/// Which hypotheses there are, as a version: another set can come to another verdict from the same records.
public enum HypothesisSet {
    /// 16 hexadecimal digits that change with every hypothesis, with every prior probability, and with what the model expects of
    /// two connections from where it fails: one that is only made, and a transfer.
    public static let version: String = {
        var hash = FNV1a()
        for (hypothesis, prior) in FaultTable.hypotheses() {
            let second = hypothesis.second.map { [$0.cause.rawValue, $0.locus.rawValue, "\($0.selector.rawValue)"] }
            let words = [
                hypothesis.cause.rawValue, hypothesis.locus.rawValue, hypothesis.mechanism.rawValue,
                "\(hypothesis.selector.rawValue)", hypothesis.trigger.rawValue, hypothesis.memory.rawValue,
                hypothesis.remedy.rawValue,
            ]
            for word in words + (second ?? []) {
                hash.add(word)
                hash.add(0 as UInt8)
            }
            hash.add(prior.bitPattern)
            for contact in samples {
                let expected = ContactModel.outcomesOfService(hypothesis, contact, Scene())
                // Not to the last bit, which processors compute differently.
                for outcome in ProbeOutcome.allCases { hash.add(UInt64((expected[outcome] * 1e6).rounded())) }
            }
        }
        return hash.hexadecimal
    }()

    private static let samples: [Contact] = {
        let made = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        var transfer = made
        (transfer.content, transfer.bytes) = (.real, 1 << 20)
        return [made, transfer]
    }()
}
