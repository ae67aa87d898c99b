import FerryAddress
import FerryCore
import FerryEvidence
import FerryProbe
import FerryResolver
import Glibc
import Testing

/// What a probe makes of services of this machine.
@Suite(.timeLimit(.minutes(5)))
struct ProbeRunTests {
    private func probe(
        _ service: LocalService,
        _ speaks: ServiceProtocol = .rsync,
        _ change: (inout ProbePlan) -> Void = { _ in }
    ) async -> ProbeRecord {
        var plan = ProbePlan(id: "p1", vantage: "here", host: "127.0.0.1", port: service.port, speaks: speaks)
        plan.answerSeconds = 1
        plan.stallSeconds = 1
        plan.limitSeconds = 20
        change(&plan)
        let record = await ProbeRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        withExtendedLifetime(service) {}
        return record
    }

    @Test func hearsAService() async throws {
        let record = await probe(LocalService(.greets))
        #expect(record.outcome == .ok)
        #expect(record.phase == .done)
        #expect(record.closedBy == .us)
        #expect(record.text == "@RSYNCD: 31.0 ")
        #expect(record.bytesReceived == 14)
        #expect(record.connectSeconds != nil && record.firstByteSeconds != nil && record.failureSeconds == nil)
        #expect(record.source?.hasPrefix("127.0.0.1:") == true)
        let json = JSONValue(encoding: record).json
        // Written, seconds have six decimals.
        let read = try JSONValue(parsing: json, from: "itself").decoded(as: ProbeRecord.self, from: "itself")
        #expect(JSONValue(encoding: read).json == json)
    }

    @Test(arguments: [ProbePayload.Kind.random, .real, .inverted])
    func sendsContent(_ kind: ProbePayload.Kind) async {
        let record = await probe(LocalService(.greets)) { $0.payload = ProbePayload(kind, bytes: 300_000) }
        #expect(record.outcome == .ok)
        #expect(record.bytesSent == 300_000)
        #expect(record.bytesAcknowledged == 300_000)
    }

    @Test(arguments: ["200 OK", "405 Method Not Allowed"])
    func answerBeforeAllIsSentEndsATransferWell(status: String) async {
        let record = await probe(LocalService(.http(status)), .http) {
            $0.payload = ProbePayload(.real, bytes: 8 << 20)
        }
        #expect(record.outcome == .ok)
        #expect(record.bytesSent < 8 << 20)
    }

    @Test func realContentOfTLSIsOneHelloOfThatSize() async {
        // Nobody here speaks TLS; what counts is that the whole hello goes out before anything is expected.
        let record = await probe(LocalService(.isSilent), .tls) { $0.payload = ProbePayload(.real, bytes: 9000) }
        #expect(record.bytesSent == 9000 && record.bytesAcknowledged == 9000)
        #expect(record.outcome == .connectSilence)
        let tooLong = await probe(LocalService(.isSilent), .tls) { $0.payload = ProbePayload(.real, bytes: 20_000) }
        #expect(tooLong.vantageProblem?.contains("16000") == true)
    }

    @Test func equalContentHasOneHashAndOtherContentAnother() async {
        func hash(_ kind: ProbePayload.Kind, _ id: String) async -> String? {
            await probe(LocalService(.greets)) {
                $0.id = id
                $0.payload = ProbePayload(kind, bytes: 50_000)
            }.contentHash
        }
        let real = await hash(.real, "p1")
        #expect(real?.count == 16)
        #expect(await hash(.real, "p2") == real)
        #expect(await hash(.inverted, "p1") != real)
        #expect(await hash(.random, "p1") != hash(.random, "p2"))
    }

    @Test func offersNoWindowScaleIfThatIsWanted() async {
        let usual = await probe(LocalService(.greets))
        let without = await probe(LocalService(.greets)) {
            $0.options = ProbeOptions()
            $0.options?.windowScale = false
        }
        #expect((usual.tcp?.ownWindowScale ?? 0) > 0)
        #expect(without.outcome == .ok && without.tcp?.ownWindowScale == 0)
        #expect((usual.tcp?.advertisedSegment ?? 0) > 0)
    }

    @Test func keepsARate() async {
        let record = await probe(LocalService(.greets)) {
            $0.payload = ProbePayload(.random, bytes: 50_000, bitsPerSecond: 800_000)
        }
        #expect(record.outcome == .ok)
        #expect(record.durationSeconds > 0.45 && record.durationSeconds < 3)
        #expect((record.samples?.count ?? 0) >= 4)
    }

    @Test func isRefused() async {
        let port = LocalService(.greets).port
        // The service is gone; nobody has taken its port yet.
        usleep(50_000)
        var plan = ProbePlan(id: "p1", vantage: "here", host: "127.0.0.1", port: port, speaks: .tcp)
        plan.referenceRoundTripSeconds = 0.1
        let record = await ProbeRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        #expect(record.outcome == .refusedFast)
        #expect(record.errorNumber == ECONNREFUSED)
        #expect(record.failure == "connection_refused")
        #expect(record.closedBy == .peer)
        #expect(record.phase == .connect)
    }

    @Test func isResetBeforeAWord() async {
        let record = await probe(LocalService(.resets))
        #expect(record.outcome == .connectReset)
        #expect(record.closedBy == .peer)
        #expect(record.failure == "connection_reset")
    }

    @Test func isClosedBeforeAWord() async {
        let record = await probe(LocalService(.closes))
        #expect(record.outcome == .connectClosed)
        #expect(record.failure == "eof_error")
    }

    @Test func hearsNothing() async {
        let record = await probe(LocalService(.isSilent))
        #expect(record.outcome == .connectSilence)
        #expect(record.phase == .greeting)
        #expect(record.closedBy == .nobody)
        #expect((0.9..<3).contains(record.failureSeconds ?? 0))
    }

    @Test func takesSilenceOfAnUnknownServiceForAnAnswer() async {
        #expect(await probe(LocalService(.isSilent), .tcp).outcome == .ok)
        #expect(await probe(LocalService(.closes), .tcp).outcome == .connectClosed)
    }

    @Test func isToldNo() async {
        let record = await probe(LocalService(.refuses))
        #expect(record.outcome == .applicationError)
        #expect(record.text?.contains("max connections") == true)
    }

    @Test func meetsAReceiverThatTakesNothing() async {
        let record = await probe(LocalService(.readsNothing)) { $0.payload = ProbePayload(.random, bytes: 8_000_000) }
        #expect(record.outcome == .midStallAtReceiver)
        #expect((record.longestStallSeconds ?? 0) >= 1)
    }

    @Test func isEndedInTheMiddle() async {
        let reset = await probe(LocalService(.resetsAfter(bytes: 100_000))) {
            $0.payload = ProbePayload(.random, bytes: 8_000_000)
        }
        #expect(reset.outcome == .midReset)
        #expect(reset.phase == .send)
        let closed = await probe(LocalService(.closesAfter(bytes: 20_000))) {
            $0.payload = ProbePayload(.random, bytes: 20_000)
        }
        #expect(closed.outcome == .midClosed)
    }

    @Test func isEndedInSilence() async {
        let record = await probe(LocalService(.closesAfter(bytes: 0))) {
            $0.idleSeconds = 1
            $0.payload = ProbePayload(.random, bytes: 100)
        }
        #expect(record.outcome == .midClosed)
        #expect(record.bytesSent == 0)
    }

    @Test(arguments: [("200 OK", ProbeOutcome.ok), ("405 No", .ok), ("503 Busy", .applicationError)])
    func asksAWebServer(_ status: String, _ outcome: ProbeOutcome) async {
        #expect(await probe(LocalService(.http(status)), .http).outcome == outcome)
    }

    @Test func opensSeveralAtATime() async {
        let record = await probe(LocalService(.greets)) { $0.concurrency = 5 }
        #expect(record.outcomes == Array(repeating: .ok, count: 5))
        #expect(record.requests == 5)
    }

    @Test func tellsThatAnAddressIsNotItsOwn() async {
        let record = await probe(LocalService(.greets)) { $0.sourceAddress = "192.0.2.77" }
        #expect(record.vantageProblem?.contains("192.0.2.77 is no address of this host") == true)
        #expect(record.outcome == .notSent)
    }

    @Test func leavesFromThePortThatItIsTold() async {
        let free = LocalService(.greets).port
        usleep(50_000)
        let record = await probe(LocalService(.greets)) { $0.sourcePort = free }
        #expect(record.source == "127.0.0.1:\(free)")
    }

    @Test func tellsThatThePortToLeaveFromIsInUse() async {
        let other = LocalService(.greets)
        let record = await probe(LocalService(.greets)) { $0.sourcePort = other.port }
        withExtendedLifetime(other) {}
        #expect(record.outcome == .notSent && record.failure == ProbeRecord.portInUse)
        #expect(record.vantageProblem == nil && record.words.contains("local port \(other.port) is in use"))
    }

    @Test func tellsThatANameIsUnknown() async {
        let plan = ProbePlan(id: "p1", vantage: "here", host: "no.such.name", port: 1, speaks: .tcp)
        let record = await ProbeRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        #expect(record.phase == .resolve)
        #expect(record.outcome == .notSent)
        #expect(record.failure == "dns_lookup_error")
    }

    @Test func stopsWhenItIsTold() async {
        let service = LocalService(.isSilent)
        var plan = ProbePlan(id: "p1", vantage: "here", host: "127.0.0.1", port: service.port, speaks: .rsync)
        plan.answerSeconds = 15
        let stop = ProbeStop()
        async let record = ProbeRun(plan, resolver: Resolver(ResolverConfiguration()), stop: stop).record()
        try? await Task.sleep(for: .milliseconds(300))
        stop.set()
        #expect(await record.vantageProblem != nil)
        #expect(await record.durationSeconds < 12)
        withExtendedLifetime(service) {}
    }
}
