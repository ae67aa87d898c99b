import FerryEvidence
import Testing

@testable import FerryCommands

@Suite struct ProbeSummaryTests {
    private func record(_ outcome: ProbeOutcome, _ failure: String? = nil) -> ProbeRecord {
        var plan = ProbePlan(id: "p1", vantage: "here", host: "nosuch.invalid", port: 80, speaks: .tcp)
        plan.sourcePort = 40_000
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.phase, record.outcome, record.failure) = (.connect, outcome, failure)
        return record
    }

    @Test func portThatIsInUseIsSaidAndWhatToDo() {
        let inUse = record(.notSent, ProbeRecord.portInUse)
        #expect(inUse.told == "nothing was sent: the local port 40000 is in use (NOT_SENT)")
        let text = ProbeSummary([inUse]).text
        #expect(text == "nothing was sent: the local port 40000 is in use. Choose another with --from-port.")
    }

    @Test func nameThatIsNotFoundIsSaidOnceWithItsCount() {
        let unknown = record(.notSent, ProbeRecord.nameNotFound)
        let text = ProbeSummary([unknown, unknown, record(.ok)]).text
        #expect(text.hasPrefix("1 of 3 worked; 2 times nothing was sent: the name nosuch.invalid could not be found. "))
    }

    @Test func seriesThatWasInterruptedTellsWhatWasMadeAndOfHowMany() {
        let text = ProbeSummary([record(.ok), record(.connectReset)]).interrupted(of: 9)
        #expect(
            text.hasPrefix(
                "it was interrupted after 2 of 9 connections: 1 of 2 worked; connected, then reset before a word. "
            )
        )
        #expect(ProbeSummary([record(.ok)]).interrupted(of: 2).hasSuffix("1 of 2 connections: 1 of 1 worked"))
        let none = ProbeSummary([])
        #expect(none.interrupted(of: 9) == "it was interrupted before the first of 9 connections was over")
        #expect(none.interrupted(of: 1) == "it was interrupted before the connection was over")
    }

    private func record(_ outcome: ProbeOutcome, says text: String, speaks: ServiceProtocol) -> ProbeRecord {
        var record = record(outcome)
        (record.plan.speaks, record.text, record.phase) = (speaks, text, .done)
        return record
    }

    @Test(arguments: [
        (ServiceProtocol.http, "SSH-2.0-OpenSSH_9.2p1· ", "answers, but not in HTTP: SSH-2.0-OpenSSH_9.2p1"),
        (ServiceProtocol.tls, "HTTP/1.1 400 Bad Request", "answers, but not in TLS: HTTP/1.1 400 Bad Request"),
        (ServiceProtocol.rsync, "220 ready", "answers, but not in rsync's protocol: 220 ready"),
    ])
    func answerInAnotherProtocolIsSaidToBeOne(speaks: ServiceProtocol, says: String, told: String) {
        let strange = record(.ok, says: says, speaks: speaks)
        #expect(ProbeSummary([strange]).text == told)
        #expect(told.hasPrefix(strange.told.replacing(" (OK)", with: "")))
    }

    @Test(arguments: [
        (ServiceProtocol.http, "HTTP/1.1 200 OK"), (ServiceProtocol.tls, "TLS handshake"), (ServiceProtocol.tcp, "220"),
    ])
    func answerInTheProtocolThatWasAskedForNeedsNoWord(speaks: ServiceProtocol, says: String) {
        let usual = record(.ok, says: says, speaks: speaks)
        #expect(ProbeSummary([usual]).text.isEmpty && usual.told == "works (OK)")
    }

    @Test func serviceThatEndsItWithoutContentIsQuotedAndNoContentIsBlamed() {
        var ended = record(.midClosed, says: "550 no", speaks: .tls)
        ended.phase = .receive
        let text = ProbeSummary([ended]).text
        #expect(text.hasPrefix("closed once the service had been heard. It had said \"550 no\". "))
        #expect(text.contains("it may not speak tls") && !text.contains("--payload"), "\(text)")
    }

    @Test func endInSilenceIsAnsweredWithKeepAlives() {
        var silent = record(.midReset, says: "@RSYNCD: 31.0 ", speaks: .rsync)
        silent.phase = .greeting
        (silent.plan.idleSeconds, silent.idleSeconds) = (5, 3)
        let text = ProbeSummary([silent]).text
        #expect(text.hasPrefix("reset after 3.0 s of silence. ") && text.contains("--keep-alive"), "\(text)")
        #expect(!text.contains("--payload"))
        silent.plan.keepsAlive = true
        #expect(ProbeSummary([silent]).text.contains("a shorter --idle"))
    }

    @Test func timeToLiveThatIsTooShortIsBlamedOnTheOption() {
        var expired = record(.icmp)
        expired.icmp = ICMPFacts(type: 11, code: 0, from: "10.20.2.5", seconds: 0.01)
        var options = ProbeOptions()
        options.timeToLive = 5
        expired.plan.options = options
        #expect(ProbeSummary([expired]).text.contains("It is --ttl 5 that lets packets go no farther"))
    }

    @Test func connectionsBesideAreCountedToo() {
        var many = record(.connectReset)
        many.outcomes = [.ok, .connectReset, .connectReset]
        #expect(ProbeSummary([many]).text.hasPrefix("2 times connected, then reset before a word. "))
    }
}
