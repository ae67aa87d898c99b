import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What a host has captured of its own connection that did not come about.
@Suite struct OwnCaptureTests {
    private static let contact = Contact.failing

    private static func record(requests: Int, answers: Int = 0) -> ProbeRecord {
        let plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        var record = ProbeRecord(plan, startedAt: "2026-01-31T12:00:00Z")
        record.handshake = HandshakeFacts(
            requests: (0..<requests).map { PacketFacts(seconds: Double($0), flags: "S") },
            answers: (0..<answers).map { PacketFacts(seconds: 0.03 + Double($0), flags: "SA") },
            roundTripSeconds: nil
        )
        return record
    }

    private static func findings(_ record: ProbeRecord, captured: Bool = true) -> [Finding] {
        OwnCaptureReading(
            contact: contact,
            record: record,
            outcome: .synTimeout,
            controls: [Self.record(requests: captured ? 1 : 0, answers: captured ? 1 : 0)]
        ).findings
    }

    private static func share(_ cause: Cause, after findings: [Finding]) -> Double {
        var belief = Belief(.cautious)
        for finding in [.outcome(contact, .synTimeout)] + findings { belief.take(finding, in: Scene()) }
        return belief.shares(\.cause).first { $0.key == cause }?.share ?? 0
    }

    @Test func requestsThatNeverLeaveAreStoppedByTheHostItself() {
        let findings = Self.findings(Self.record(requests: 0))
        #expect(findings == [.requestSeen(Self.contact, .synTimeout, at: .sourceHost, false)])
        #expect(Self.share(.sourceFirewall, after: findings) > 0.8)
    }

    @Test func requestsThatLeaveAreNotStoppedByTheHost() {
        let findings = Self.findings(Self.record(requests: 3))
        #expect(Self.share(.sourceFirewall, after: findings) < 0.01)
    }

    @Test func answersThatArriveUnheardAreStoppedByTheHostItself() {
        let findings = Self.findings(Self.record(requests: 3, answers: 3))
        for rival in Cause.allCases where rival != .sourceFirewall && rival != .unmodelled {
            #expect(Self.share(.sourceFirewall, after: findings) > 2 * Self.share(rival, after: findings), "\(rival)")
        }
    }

    @Test func captureThatSawNothingOfAControlThatWorkedProvesNothing() {
        #expect(Self.findings(Self.record(requests: 0), captured: false).isEmpty)
    }
}
