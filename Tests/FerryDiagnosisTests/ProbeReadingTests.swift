import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What is read out of one connection.
@Suite struct ProbeReadingTests {
    /// A transfer of a mebibyte that worked.
    private func transfer(seconds: Double, busy: Double?, least: Double, reference: Double) -> ProbeReading {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        plan.payload = ProbePayload(.random, bytes: 1 << 20)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.bytesSent, record.durationSeconds) = (.ok, 1 << 20, seconds)
        var tcp = TCPFacts(seconds: seconds)
        (tcp.bytesSent, tcp.bytesRetransmitted, tcp.leastRoundTripSeconds) = (1 << 20, 0, least)
        tcp.busySeconds = busy
        record.tcp = tcp
        let contact = SiteView(EngineTests.site, tier: 2).contact(plan)
        return ProbeReading(contact: contact, record: record, reference: reference)
    }

    @Test func aServiceThatTakesItsTimeToAnswerIsNotASlowWay() {
        #expect(transfer(seconds: 4.5, busy: 0.4, least: 0.02, reference: 0.02).outcome == .ok)
        #expect(transfer(seconds: 4.5, busy: 4.4, least: 0.02, reference: 0.02).outcome == .slowShaped)
        // 8 Mbit/s, with a wait for the answer.
        #expect(transfer(seconds: 1.4, busy: 1.1, least: 0.022, reference: 0.022).outcome == .slowShaped)
        #expect(transfer(seconds: 4.5, busy: nil, least: 0.02, reference: 0.02).outcome == .slowShaped)
    }

    @Test func contentOfAServiceThatAnswersAtItsEndIsNotTakenForInstant() throws {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8080, speaks: .http)
        plan.payload = ProbePayload(.real, bytes: 1 << 20)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.bytesSent, record.bytesAcknowledged) = (.ok, 1 << 20, 1 << 20)
        (record.durationSeconds, record.connectSeconds, record.firstByteSeconds) = (2.03, 0.03, 2.0)
        record.tcp = TCPFacts(seconds: 2)
        record.tcp?.busySeconds = 2
        let contact = SiteView(EngineTests.site, tier: 2).contact(plan)
        let reading = ProbeReading(contact: contact, record: record, reference: 0.03)
        #expect(abs(try #require(reading.goodput) - 4.19e6) < 0.01e6)
        #expect(reading.outcome == .slowShaped)
    }

    @Test func serviceThatAnswersBeforeItHasAllHasNotTakenATransfer() {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8080, speaks: .http)
        plan.payload = ProbePayload(.real, bytes: 1 << 20)
        let contact = SiteView(EngineTests.site, tier: 2).contact(plan)
        #expect(contact.isBulk)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.bytesSent, record.bytesAcknowledged) = (.ok, 90_000, 40_000)
        #expect(ProbeReading(contact: contact, record: record, reference: nil).contact.bytes == 40_000)
        // One that says no and closes was reached, too.
        (record.outcome, record.bytesReceived, record.text) = (.midReset, 20, "HTTP/1.1 413 Too Large ")
        let refused = ProbeReading(contact: contact, record: record, reference: nil)
        #expect(refused.outcome == .ok && !refused.contact.isBulk)
        // One that was cut off in silence was to carry all of it.
        (record.outcome, record.bytesReceived) = (.midStall, 0)
        #expect(ProbeReading(contact: contact, record: record, reference: nil).contact.isBulk)
    }

    @Test func contentBehindAProxyIsMeasuredByTheWayToTheHost() {
        #expect(transfer(seconds: 1.5, busy: 1.4, least: 0.0002, reference: 0.126).outcome == .ok)
        #expect(transfer(seconds: 1.5, busy: 1.4, least: 0.0002, reference: 0.0002).outcome == .slowShaped)
    }

    @Test(arguments: [(0.0002, 0.126, true), (0.0049, 0.0093, true), (0.0030, 0.0058, false), (0.09, 0.126, false)])
    func aHandshakeIsShortOnlyBeyondWhatQueuesVaryBy(time: Double, reference: Double, isShort: Bool) {
        let plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.connectSeconds) = (.ok, time)
        let contact = SiteView(EngineTests.site, tier: 2).contact(plan)
        let findings = ProbeReading(contact: contact, record: record, reference: reference).findings
        #expect(findings.contains(.handshakeIsShort(contact, isShort)))
    }
}
