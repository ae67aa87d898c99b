internal import FerryCore

/// Which hypotheses there are, as a version: another set can come to another verdict from the same records.
public enum HypothesisSet {
    /// 16 hexadecimal digits that change with every hypothesis and every prior probability.
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
        }
        return hash.hexadecimal
    }()
}
