import FerryEvidence
import Testing

/// Where nothing was sent, words say why, if that is known.
@Suite struct ProbeWordsTests {
    private func record(_ outcome: ProbeOutcome, _ failure: String?) -> ProbeRecord {
        var plan = ProbePlan(id: "p1", vantage: "here", host: "nosuch.invalid", port: 80, speaks: .tcp)
        plan.sourcePort = 40_000
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.failure) = (outcome, failure)
        return record
    }

    @Test func nameThatIsNotFoundIsNamed() {
        let words = record(.notSent, ProbeRecord.nameNotFound).words
        #expect(words == "nothing was sent: the name nosuch.invalid could not be found")
    }

    @Test func portThatIsInUseIsNamed() {
        let words = record(.notSent, ProbeRecord.portInUse).words
        #expect(words == "nothing was sent: the local port 40000 is in use")
    }

    @Test(arguments: [("203.0.113.11", true), ("10.40.2.2", false)])
    func whoSaysThatAHostCannotBeReachedIsNamed(from: String, isHost: Bool) {
        var record = record(.icmp, "host_unreachable")
        record.destination = "203.0.113.11:80"
        record.icmp = ICMPFacts(type: 3, code: 13, from: from, seconds: 0.03)
        #expect(record.words.contains("the host itself") == isHost)
        #expect(record.saying == ", ICMP 3/13 from \(from)")
    }

    @Test func everythingElseIsTheOutcomes() {
        #expect(record(.notSent, "address_not_available").words == ProbeOutcome.notSent.words)
        #expect(record(.notSent, nil).words == ProbeOutcome.notSent.words)
        #expect(record(.synTimeout, "generic_timeout_error").words == ProbeOutcome.synTimeout.words)
    }
}
