import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// How far away whoever ended a connection is found to be.
@Suite struct SpeakerDistanceTests {
    /// A way of 11 routers of which the seventh does not answer.
    private static let ladder: LadderRecord = {
        let plan = LadderPlan(id: "l9", vantage: "source", host: "203.0.113.11", port: 8080, sends: .request)
        var record = LadderRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.steps = (1...11).map { number in
            number == 7
                ? LadderRecord.Step(timeToLive: number, answer: .silence, from: nil, seconds: 0.3)
                : LadderRecord.Step(
                    timeToLive: number,
                    answer: .expired,
                    from: "198.51.100.\(number)",
                    seconds: 0.0152
                )
        }
        record.steps.append(LadderRecord.Step(timeToLive: 12, answer: .reached, from: nil, seconds: 0.031))
        return record
    }()

    private func said(_ closing: Int, _ host: Int, _ ladder: LadderRecord = Self.ladder) -> String? {
        SpeakerDistance(.closing(timeToLive: closing, hostTimeToLive: host), ladder)?.sentence
    }

    @Test func whatIsNearerThanTheHostIsBetweenTwoHops() {
        #expect(
            said(58, 53)
                == "The closing packet passed 6 routers on its way here, the host's answers pass 11: it was sent behind hop 6, 198.51.100.6 (15.2 ms), by hop 7 (no answer), or between the two."
        )
        #expect(said(54, 53)?.contains("behind hop 10, 198.51.100.10 (15.2 ms), by hop 11, 198.51.100.11") == true)
        #expect(said(63, 53)?.hasPrefix("The closing packet passed 1 router on") == true)
        #expect(
            said(64, 53)
                == "The closing packet passed no router on its way here, the host's answers pass 11: it was sent by hop 1, 198.51.100.1 (15.2 ms), or before it."
        )
    }

    @Test func whatIsAsFarAsTheHostMayBeACopy() {
        #expect(
            said(53, 53)
                == "The closing packet passed 11 routers on its way here, as many as the host's answers: it came from as far as the host. This is a guess: who copies the host's time to live looks as far away."
        )
    }

    @Test func anotherBeginningMakesItAGuess() {
        let said = said(249, 53)
        #expect(said?.hasPrefix("If it began with a time to live of 255, the closing packet passed 6 routers") == true)
        #expect(
            said?.hasSuffix(
                "This is a guess: it began with another time to live than they did, and which one is not known."
            )
                == true
        )
    }

    @Test func whatSeemsToComeFromBehindTheHostIsPlacedNowhere() {
        let said = said(40, 53)
        #expect(
            said
                == "The closing packet passed 24 routers on its way here, the host's answers pass 11. This is a guess: it would have come from behind the host."
        )
    }

    @Test func wayBackOfAnotherLengthMakesItAGuess() {
        #expect(said(60, 55)?.contains("the way there and the way back are not equally long") == true)
        var short = Self.ladder
        short.steps.removeLast(9)
        #expect(
            said(60, 55, short)?.hasSuffix(
                "behind hop 4 (not looked at), by hop 5 (not looked at), or between the two."
            )
                == true
        )
    }

    @Test func anErrorNamesItsSender() {
        #expect(
            SpeakerDistance(.error(from: "198.51.100.4"), Self.ladder)?.sentence
                == "The ICMP error came from 198.51.100.4, which is hop 4 on the way to the host (15.2 ms)."
        )
        #expect(
            SpeakerDistance(.error(from: "192.0.2.1"), Self.ladder)?.sentence
                == "The ICMP error came from 192.0.2.1, which did not answer on the way to the host: how far away it is cannot be told."
        )
    }

    @Test func whatTellsNothingSaysNothing() {
        var dead = Self.ladder
        dead.vantageProblem = "it has died"
        #expect(said(58, 53, dead) == nil)
        var empty = Self.ladder
        empty.steps = []
        #expect(said(58, 53, empty) == nil)
        #expect(said(0, 53) == nil && said(58, 256) == nil && said(-1, .min) == nil)
        #expect(SpeakerDistance(.error(from: "\u{1B}[2J"), Self.ladder) == nil)
    }

    @Test func strangersWordsAndNumbersAreBorne() {
        var hostile = Self.ladder
        hostile.steps = [
            LadderRecord.Step(timeToLive: .min, answer: .reached, from: "x", seconds: -1e300),
            LadderRecord.Step(timeToLive: 6, answer: .expired, from: "\u{1B}[31m", seconds: 1e300),
            LadderRecord.Step(timeToLive: 7, answer: .expired, from: "198.51.100.7", seconds: 1e300),
        ]
        #expect(
            said(58, 53, hostile)?.contains("behind hop 6 (no answer), by hop 7, 198.51.100.7 (3600000.0 ms)") == true
        )
    }
}
