import FerryAddress
import FerryCore
import FerryEvidence
import FerryResolver
import Synchronization
import Testing

@testable import FerryProbe

/// Requests and answers of somebody who means harm, or is broken.
struct HostileVantageTests {
    /// What a session answered.
    private final class Answers: Sendable {
        let lines = Mutex<[String]>([])
    }

    private func answers(
        to requests: [String],
        permit: VantagePermit = VantagePermit(.all, connectsPerMinute: nil)
    ) -> [JSONValue] {
        let answers = Answers()
        let session = VantageSession(permit: permit, resolver: Resolver(ResolverConfiguration())) { line in
            answers.lines.withLock { $0.append(line) }
        }
        for request in requests { _ = session.receive(Array(request.utf8)) }
        session.end()
        return answers.lines.withLock { $0 }.compactMap { try? JSONValue(parsing: Array($0.utf8), from: "a test") }
    }

    private func line(_ id: Int, _ fill: (inout VantageRequest) -> Void) -> String {
        var request = VantageRequest(id: id)
        fill(&request)
        return JSONValue(encoding: request).json
    }

    @Test(
        arguments: [
            { $0.limitSeconds = 1e300 }, { $0.limitSeconds = -1 }, { $0.connectSeconds = 1e18 },
            { $0.answerSeconds = -5 }, { $0.stallSeconds = 1e12 }, { $0.idleSeconds = -1e9 }, { $0.concurrency = 0 },
            { $0.concurrency = .max }, { $0.payload = ProbePayload(.random, bytes: .max) },
            { $0.payload = ProbePayload(.random, bytes: .min) },
            { $0.payload = ProbePayload(.random, bytes: 1, bitsPerSecond: 0) },
            { $0.payload = ProbePayload(.random, bytes: 1, bitsPerSecond: -1e300) },
            { $0.host = String(repeating: "a", count: 301) },
        ] as [@Sendable (inout ProbePlan) -> Void]
    )
    func probesThatNobodyCouldMakeAreRefused(spoil: @Sendable (inout ProbePlan) -> Void) {
        var plan = ProbePlan(id: "p", vantage: "v", host: "192.0.2.1", port: 9, speaks: .http)
        spoil(&plan)
        let answers = answers(to: [line(1) { $0.probe = plan }])
        #expect(answers.map { $0["refusal"]?["code"]?.text } == ["vantage.refused"])
        #expect(answers.first?.json.utf8.count ?? 0 < 400)
    }

    @Test func whatIsRefusedIsToldWhereTheVantageRuns() {
        let told = Answers()
        let permit = VantagePermit(.none, connectsPerMinute: nil) { text in told.lines.withLock { $0.append(text) } }
        var plan = ProbePlan(id: "p", vantage: "v", host: "192.0.2.1\u{1B}[2J", port: 9, speaks: .http)
        _ = answers(to: [line(1) { $0.probe = plan }], permit: permit)
        plan.host = "192.0.2.1"
        _ = answers(to: [line(1) { $0.probe = plan }], permit: permit)
        let lines = told.lines.withLock { $0 }
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("refused to somebody on this machine: ") })
        #expect(lines.last?.contains("192.0.2.1:9 is not in the site file") == true, "\(lines)")
        #expect(lines.allSatisfy { !$0.unicodeScalars.contains("\u{1B}") })
    }

    @Test func laddersWatchesAndLooksAreBoundedToo() {
        var ladder = LadderPlan(id: "l", vantage: "v", host: "192.0.2.1", port: 9, sends: .request)
        ladder.most = 100_000
        var slow = ladder
        slow.most = 200
        slow.stepSeconds = 1000
        var watch = WatchPlan(id: "w", vantage: "v", host: "192.0.2.1", ports: [1], limitSeconds: 1)
        watch.limitSeconds = -1
        let ports = WatchPlan(id: "w", vantage: "v", host: "192.0.2.1", ports: Array(1...500), limitSeconds: 1)
        let ofAny = WatchPlan(id: "w", vantage: "v", host: "", ports: Array(1...25), limitSeconds: 1)
        let peers = HostPlan(id: "h", vantage: "v", ownPorts: [], peers: (0..<17).map { "192.0.2.\($0)" })
        let answers = answers(to: [
            line(1) { $0.ladder = ladder }, line(2) { $0.ladder = slow }, line(3) { $0.watch = watch },
            line(4) { $0.watch = ports }, line(5) { $0.host = peers }, line(6) { $0.endWatch = "none" },
            line(7) { $0.watch = ofAny },
        ])
        #expect(answers.map { $0["id"]?.integer } == [1, 2, 3, 4, 5, 6, 7])
        #expect(answers.allSatisfy { $0["refusal"]?["code"]?.text == "vantage.refused" })
    }

    @Test func limitOfAMinuteCannotBePassedByWritingTheAddressOtherwise() {
        let permit = VantagePermit(.all, connectsPerMinute: 5, bytesPerMinute: 100)
        #expect(permit.refusal("192.0.2.1", 80, count: 3) == nil)
        #expect(permit.refusal("::ffff:192.0.2.1", 80, count: 3)?.code == "vantage.rate")
        #expect(permit.refusal("0:0:0:0:0:ffff:c000:201", 80, count: 2) == nil)
        #expect(permit.refusal("192.0.2.1", 80, count: 1)?.code == "vantage.rate")
        #expect(permit.refusal("2001:db8::1%lo", 80, count: 5) == nil)
        #expect(permit.refusal("2001:DB8:0::1", 80, count: 1)?.code == "vantage.rate")
        #expect(permit.refusal("192.0.2.2", 80, count: 1, bytes: .max)?.code == "vantage.rate")
        #expect(permit.refusal("192.0.2.2", 80, count: .max)?.code == "vantage.rate")
    }

    @Test func everyStepOfALadderAndEveryRequestOfAHalfOpenProbeCounts() {
        var ladder = LadderPlan(id: "l", vantage: "v", host: "192.0.2.1", port: 9, sends: .request)
        ladder.most = 12
        #expect(ladder.connects(canCapture: true) == 12)
        ladder.sends = .payload
        #expect(ladder.connects(canCapture: true) == 1)
        #expect(ladder.connects(canCapture: false) == 8)
        var half = ProbePlan(id: "p", vantage: "v", host: "192.0.2.1", port: 9, speaks: .tcp)
        half.isHalfOpen = true
        half.connectSeconds = 7.5
        half.limitSeconds = 100
        #expect(half.connects == 8)
        half.limitSeconds = 2
        #expect(half.connects == 2)
    }

    /// What a question to a vantage is answered with, if the vantage says `words` for it.
    private func record(_ words: @escaping @Sendable (Int64) -> String) async -> ProbeRecord {
        let connection = VantageConnection(reach: "tls://v.example:1")
        connection.use(Mouth(connection: connection, words: words))
        var plan = ProbePlan(id: "p1", vantage: "v", host: "192.0.2.1", port: 9, speaks: .tcp)
        plan.limitSeconds = 1
        return await connection.probe(plan)
    }

    /// Answers every request at once.
    private struct Mouth: VantageLink {
        let connection: VantageConnection
        let words: @Sendable (Int64) -> String

        func send(_ line: String) {
            let id = (try? JSONValue(parsing: Array(line.utf8), from: "a test"))?["id"]?.integer ?? 0
            _ = connection.receive(Array(words(id).utf8))
        }

        func close() {}
    }

    private func answer(_ id: Int64, _ change: (inout ProbeRecord) -> Void) -> String {
        var plan = ProbePlan(id: "p9", vantage: "other", host: "198.51.100.1", port: 1, speaks: .tcp)
        plan.limitSeconds = 999
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = .ok
        change(&record)
        var answer = VantageAnswer(id: Int(id))
        answer.probe = record
        return JSONValue(encoding: answer).json
    }

    @Test func vantageDoesNotSayWhatItWasAsked() async {
        let record = await record { answer($0) { _ in } }
        #expect(record.outcome == .ok)
        #expect(record.plan.id == "p1" && record.plan.vantage == "v" && record.plan.host == "192.0.2.1")
    }

    @Test(arguments: [-1.0, 1e18, 1e300])
    func impossibleNumbersSpeakAgainstTheVantage(seconds: Double) async {
        let record = await record { answer($0) { $0.durationSeconds = seconds } }
        #expect(record.outcome == .notSent)
        #expect(record.vantageProblem?.contains("impossible numbers") == true)
    }

    @Test func wordsOfAVantageMoveNoCursorAndBeginNoLine() async {
        let record = await record { answer($0) { $0.text = "a\u{1B}[2Jb\r\nc\u{202E}d\u{2028}e\u{7F}é" } }
        #expect(record.text == "a·[2Jb··c·d·e·é")
    }

    @Test func whatIsNoTimeAndNoEndpointIsLeftOut() async throws {
        let record = await record {
            answer($0) {
                $0.startedAt = "Please pay first"
                $0.source = "10.0.0.1:40000 and call me"
                $0.destination = "evil.example:9"
                $0.translatedSource = "[2001:db8::1]:40000"
            }
        }
        #expect(record.outcome == .ok && record.source == nil && record.destination == nil)
        #expect(record.translatedSource == "[2001:db8::1]:40000")
        let time = try #require(UTCTime(parsing: record.startedAt))
        #expect(abs(UTCTime.now().microseconds - time.microseconds) < 600_000_000)
    }
}
