import FerryCore
import FerryEvidence
import Testing

/// What a step of a ladder tells.
@Suite struct LadderRecordTests {
    @Test(arguments: [
        (11, 0, "198.51.100.7", LadderRecord.Step.Answer.expired), (3, 13, "198.51.100.7", .unreachable),
        (3, 0, "2001:db8::7", .expired), (1, 1, "2001:db8::7", .unreachable),
    ])
    func aStepHasTheErrorThatAnsweredIt(type: Int, code: Int, from: String, answer: LadderRecord.Step.Answer) throws {
        var error = ICMPFacts(type: type, code: code, from: from, seconds: 1)
        error.pathUnit = 1400
        let step = LadderRecord.Step(timeToLive: 5, error: error, seconds: 0.25)
        #expect(step.answer == answer && step.from == from && step.timeToLive == 5 && step.seconds == 0.25)
        #expect(step.type == type && step.code == code && step.pathUnit == 1400)
        let written = JSONValue(encoding: step)
        #expect(try written.decoded(as: LadderRecord.Step.self, from: "test") == step)
    }

    @Test func stepsOfAnEarlierVersionAreStillRead() throws {
        let text = "{\"timeToLive\":5,\"answer\":\"expired\",\"from\":\"198.51.100.7\",\"seconds\":0.25}"
        let step = try JSONValue(parsing: text, from: "test").decoded(as: LadderRecord.Step.self, from: "test")
        #expect(step == LadderRecord.Step(timeToLive: 5, answer: .expired, from: "198.51.100.7", seconds: 0.25))
    }
}
