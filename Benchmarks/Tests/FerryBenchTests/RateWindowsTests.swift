import Testing

@testable import ferry_bench

@Suite struct RateWindowsTests {
    /// 1000 bytes a second for ten seconds, a sample every 10 ms; `extra` bytes more come at second 5.
    private func samples(extra: Int = 0) -> [LinkSample] {
        (0...1000).map { index in
            LinkSample(
                seconds: 100 + Double(index) / 100,
                bytes: index * 10 + (index >= 500 ? extra : 0),
                packets: index
            )
        }
    }

    @Test func isSteadyForASteadyFlow() throws {
        let windows = try #require(RateWindows(samples()))
        #expect(abs(windows.highest - 1000) < 1)
        #expect(abs(windows.lowest - 1000) < 1)
        #expect(abs(windows.mean - 1000) < 1)
        #expect(windows.count > 890)
        #expect(abs(windows.longestGapSeconds - 0.01) < 0.001)
    }

    @Test func findsABurstThatNoFullSecondBeginsWith() throws {
        let windows = try #require(RateWindows(samples(extra: 200)))
        #expect(abs(windows.highest - 1200) < 2)
        #expect(windows.mean < 1030)
    }

    @Test func countsTheTrueLengthOfAWindow() throws {
        // One late sample: 1.5 s between two neighbours.
        let late = samples().filter { !(103.2..<104.7).contains($0.seconds) }
        let windows = try #require(RateWindows(late))
        #expect(abs(windows.highest - 1000) < 1)
        #expect(windows.longestGapSeconds > 1.4)
    }

    @Test func saysNothingOfNothing() {
        #expect(RateWindows([]) == nil)
        #expect(RateWindows([LinkSample(seconds: 1, bytes: 5, packets: 1)]) == nil)
        #expect(RateWindows(Array(samples().prefix(50))) == nil)
    }
}
