import FerryCore
import FerryEvidence
import Testing

/// What records have, and those of earlier versions have not.
@Suite struct ProbeRecordTests {
    private static func record() -> ProbeRecord {
        let plan = ProbePlan(id: "p1", vantage: "edge", host: "192.0.2.1", port: 8703, speaks: .tcp)
        return ProbeRecord(plan, startedAt: "2026-01-01T00:00:00.000000Z")
    }

    @Test(arguments: [-2.5, 0, 7200.25])
    func aClockIsAheadOrBehind(seconds: Double) throws {
        var record = Self.record()
        record.clockOffsetSeconds = seconds
        let read = try JSONValue(parsing: JSONValue(encoding: record).json, from: "test")
            .decoded(as: ProbeRecord.self, from: "test")
        #expect(read.clockOffsetSeconds == seconds && read == record)
    }

    @Test func whatIsNotKnownIsLeftOutAndMayBeMissing() throws {
        let written = JSONValue(encoding: Self.record())
        for member in ["clockOffsetSeconds", "idleRoundTrip", "icmp"] { #expect(written[member] == nil) }
        #expect(try written.decoded(as: ProbeRecord.self, from: "test") == Self.record())
    }
}
