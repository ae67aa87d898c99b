internal import FerryCore

extension DiagnosisDocument.Rate {
    /// What came through unpaced, with its unit.
    public var unpaced: String { Self.text(unpacedBitsPerSecond) }
    /// What passes, with its unit; nil if nothing did.
    public var passes: String? { passesBitsPerSecond.map(Self.text) }

    /// What was measured, as a sentence.
    public var sentence: String {
        guard let passes else { return "Sent as fast as it goes, \(unpaced) came through." }
        return "At \(passes) it passes; sent as fast as it goes, \(unpaced) came through."
    }

    private static func text(_ rate: Double) -> String { "\(BitRate(bitsPerSecond: UInt64(min(1e15, max(0, rate)))))" }
}
