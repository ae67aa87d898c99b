import Testing

@testable import FerryDiagnosis

/// For how long a block is kept, by when it was met and when it had gone.
@Suite struct MemoryBracketTests {
    private func bracket(_ connections: [(Double, Double, Bool)]) -> MemoryBracket {
        var bracket = MemoryBracket()
        for (begin, end, worked) in connections { bracket.add(from: begin, to: end, worked: worked) }
        return bracket
    }

    @Test func fixedMemoryCountsFromWhereItBegan() {
        let seen = bracket([(0, 1, true), (2, 3, false), (6, 7, false), (9, 9.5, true)])
        #expect(seen.seconds(.fixed) == [3, 9])
    }

    @Test func renewedMemoryCountsFromTheLastHit() {
        let seen = bracket([(2, 3, false), (6, 7, false), (12, 12.5, true)])
        #expect(seen.seconds(.renewedByHits) == [3, 5])
    }

    @Test func whatWasNotSeenToEndHasNoBracket() {
        #expect(bracket([(0, 1, true), (2, 3, false)]).seconds(.fixed) == nil)
        #expect(bracket([(2, 3, false), (6, 7, true)]).seconds(.fixed) == nil)
        #expect(bracket([(2, 3, false), (6, 7, true)]).seconds(.untilLifted) == nil)
        #expect(bracket([]).seconds(.renewedByHits) == nil)
    }

    @Test func contradictionHasNoBracket() {
        let seen = bracket([(0, 1, false), (20, 21, false), (23, 24, true)])
        #expect(seen.seconds(.renewedByHits) == nil)
    }
}
