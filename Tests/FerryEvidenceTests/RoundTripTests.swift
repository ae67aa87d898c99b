import FerryCore
import FerryEvidence
import Testing

/// Round trips out of what the kernel says ten times a second.
@Suite struct RoundTripTests {
    private static func sample(_ roundTrip: Double?, unacknowledged: Int?, state: Int? = 1) -> TCPFacts {
        var facts = TCPFacts(seconds: 0)
        (facts.roundTripSeconds, facts.unacknowledged, facts.state) = (roundTrip, unacknowledged, state)
        return facts
    }

    private static let samples = [
        sample(0.03, unacknowledged: 0), sample(0.01, unacknowledged: 0), sample(0.02, unacknowledged: 0),
        sample(0.2, unacknowledged: 4), sample(0.3, unacknowledged: 1), sample(0.9, unacknowledged: nil),
        sample(0.8, unacknowledged: 0, state: 7), sample(0.7, unacknowledged: 3, state: nil),
        sample(nil, unacknowledged: 0),
    ]

    @Test func thoseOfAnIdleConnectionAreToldFromThoseUnderLoad() throws {
        let idle = try #require(RoundTripFacts(Self.samples, areLoaded: false))
        #expect(idle.least == 0.01 && idle.median == 0.02 && idle.p95 == 0.03 && idle.samples == 3)
        let loaded = try #require(RoundTripFacts(Self.samples, areLoaded: true))
        #expect(loaded.least == 0.2 && loaded.median == 0.2 && loaded.p95 == 0.3 && loaded.samples == 2)
    }

    @Test func whereNoneWasMeasuredThereAreNone() {
        let idle = [Self.sample(0.01, unacknowledged: 0)]
        #expect(RoundTripFacts(idle, areLoaded: true) == nil)
        #expect(RoundTripFacts([TCPFacts](), areLoaded: false) == nil)
    }
}
