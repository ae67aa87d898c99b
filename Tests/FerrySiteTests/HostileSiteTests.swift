import FerryCore
import FerryEvidence
import FerrySite
import Testing

/// Files that nobody means well with.
@Suite struct HostileSiteTests {
    /// SplitMix64 (Vigna), so that a failing seed can be tried again.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test func changedFilesAreReadOrRefused() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        let whole = Array(SiteFileTests.whole.utf8)
        var read = 0
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] = "&*!<>{}[]:,-?|'\"%@`#\n\t 09".utf8.randomElement(using: &generator) ?? 0
                case 2:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
                default:
                    let from = Int.random(in: 0..<whole.count, using: &generator)
                    bytes.insert(contentsOf: whole[from..<min(whole.count, from + 60)], at: place)
                }
                if bytes.isEmpty { bytes = whole }
            }
            do {
                _ = try Site(parsing: String(decoding: bytes, as: UTF8.self), from: "site.yaml")
                read += 1
            } catch {
                #expect(error.code == .site && error.cause.hasPrefix("site.yaml:"), "seed \(seed): \(error.cause)")
            }
        }
        #expect(read > 10, "seed \(seed): nothing of it can be read any more, so that nothing is tested")
    }

    /// What takes parsers of YAML long, each nearly as large as a site file may be.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "[", "{", "- ", "[{", "? ", "a: ", "[a,", "\"\\x00\"", "a\n", " a:\n", "!", "&a ", "*a ", "'", "|\n", "#",
            "{a,",
        ]
    ) func largeFilesTakeNoLongTime(_ piece: String) {
        let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        let began = ContinuousClock.now
        #expect(throws: FerryError.self) { try Site(parsing: text, from: "site.yaml") }
        #expect(ContinuousClock.now - began < .seconds(20))
    }
}
