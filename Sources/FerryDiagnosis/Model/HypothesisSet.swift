/// Which hypotheses there are, as a version: another set can come to another verdict from the same records.
public enum HypothesisSet {
    /// 16 hexadecimal digits that change with every hypothesis and every prior probability (FNV-1a, 64 bits).
    public static let version: String = {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for (hypothesis, prior) in FaultTable.hypotheses() {
            let second = hypothesis.second.map { [$0.cause.rawValue, $0.locus.rawValue, "\($0.selector.rawValue)"] }
            let words = [
                hypothesis.cause.rawValue, hypothesis.locus.rawValue, hypothesis.mechanism.rawValue,
                "\(hypothesis.selector.rawValue)", hypothesis.trigger.rawValue, hypothesis.memory.rawValue,
                hypothesis.remedy.rawValue,
            ]
            for word in words + (second ?? []) {
                for byte in word.utf8 { add(byte) }
                add(0)
            }
            for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: prior.bitPattern >> shift)) }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }()
}
