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

    @Test func timeToLiveThatRanOutIsNoHostThatCannotBeReached() {
        var record = record(.icmp, "host_unreachable")
        record.icmp = ICMPFacts(type: 11, code: 0, from: "10.40.2.2", seconds: 0.03)
        #expect(record.words == "the time to live ran out on the way")
        var options = ProbeOptions()
        options.timeToLive = 5
        record.plan.options = options
        #expect(record.words == "the time to live of 5 ran out on the way")
    }

    private func ended(_ outcome: ProbeOutcome, _ phase: ProbeRecord.Phase) -> ProbeRecord {
        var record = record(outcome, "connection_reset")
        record.phase = phase
        return record
    }

    @Test func endInASilenceThatWasAskedForIsThatOfSilence() {
        var silent = ended(.midReset, .greeting)
        silent.plan.idleSeconds = 5
        silent.idleSeconds = 3
        #expect(silent.isEndedBySilence && silent.words == "reset after 3.0 s of silence")
        var after = ended(.midReset, .send)
        after.plan.idleSeconds = 5
        after.plan.payload = ProbePayload(.random, bytes: 1000)
        (after.bytesSent, after.bytesAcknowledged) = (1000, 0)
        #expect(after.words == "reset by what came first after 5.0 s of silence")
        after.bytesAcknowledged = 500
        #expect(!after.isEndedBySilence && after.words == ProbeOutcome.midReset.words)
    }

    @Test func endWithoutContentIsNotThatOfContent() {
        #expect(ended(.midClosed, .receive).words == "closed once the service had been heard")
        var content = ended(.midClosed, .send)
        content.plan.payload = ProbePayload(.random, bytes: 1000)
        #expect(content.words == ProbeOutcome.midClosed.words)
        content.phase = .greeting
        #expect(content.words == "closed once the service had been heard")
        // A hello as large as content is content.
        content.plan.speaks = .tls
        content.plan.payload = ProbePayload(.real, bytes: 1000)
        #expect(content.words == ProbeOutcome.midClosed.words)
        #expect(ended(.connectReset, .greeting).words == ProbeOutcome.connectReset.words)
    }

    @Test func everythingElseIsTheOutcomes() {
        #expect(record(.notSent, "address_not_available").words == ProbeOutcome.notSent.words)
        #expect(record(.notSent, nil).words == ProbeOutcome.notSent.words)
        #expect(record(.synTimeout, "generic_timeout_error").words == ProbeOutcome.synTimeout.words)
    }
}
