import FerryEvidence
import Testing

/// What a capture adds to a ladder's steps.
@Suite struct LadderStepTests {
    private static func error(_ from: String, _ seconds: Double, quotedLimit: Int) -> ICMPFacts {
        var error = ICMPFacts(type: 11, code: 0, from: from, seconds: seconds)
        (error.timeToLive, error.bytes) = (254, 56)
        var quoted = QuotedPacket()
        quoted.timeToLive = quotedLimit
        error.quoted = quoted
        return error
    }

    @Test func anAnswerThatCameLateIsToldAsOne() {
        var step = LadderRecord.Step(timeToLive: 2, answer: .silence, from: nil, seconds: 0.6)
        step.add(captured: [Self.error("192.0.2.1", 0.9, quotedLimit: 1)], requests: 1)
        #expect(step.answer == .expired && step.isLate == true && step.from == "192.0.2.1")
        #expect(step.seconds == 0.9 && step.duplicates == nil)
    }

    @Test func whatTheErrorQuotesAndItsOwnDistanceAreKept() {
        var step = LadderRecord.Step(
            timeToLive: 3,
            error: ICMPFacts(type: 11, code: 0, from: "192.0.2.2", seconds: 0.1),
            seconds: 0.1
        )
        step.add(captured: [Self.error("192.0.2.2", 0.1, quotedLimit: 2)], requests: 1)
        #expect(step.quoted?.timeToLive == 2 && step.errorTimeToLive == 254 && step.errorBytes == 56)
        #expect(step.isLate == nil && step.answer == .expired)
    }

    @Test func errorsBeyondTheRequestsAreDuplicates() {
        var step = LadderRecord.Step(timeToLive: 1, error: Self.error("192.0.2.1", 0.1, quotedLimit: 1), seconds: 0.1)
        let all = (1...4).map { Self.error("192.0.2.1", 0.1 * Double($0), quotedLimit: 1) }
        step.add(captured: all, requests: 2)
        #expect(step.duplicates == 2)
    }

    @Test func nothingCapturedChangesNothing() {
        let step = LadderRecord.Step(timeToLive: 1, answer: .silence, from: nil, seconds: 0.6)
        var same = step
        same.add(captured: [], requests: 1)
        #expect(same == step)
    }
}
