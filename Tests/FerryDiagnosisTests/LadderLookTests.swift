import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// When a ladder is climbed to find who speaks on the way, and that it only tells.
@Suite struct LadderLookTests {
    private static let way = (1...11).map { "198.51.100.\($0)" }

    private static func diagnosed(
        _ cause: Cause,
        _ selector: Selector,
        _ mechanism: Mechanism,
        tier: Int = 2,
        _ change: (inout Site) -> Void = { _ in }
    ) async throws -> DiagnosisEngine {
        var site = EngineTests.site
        change(&site)
        let truth = try EngineTests.hypothesis(cause, selector, mechanism)
        var network = SimulatedNetwork(truth, site, tier: tier, seed: 3)
        (network.way, network.speaksBehind) = (way, 6)
        return await EngineTests.diagnose(network)
    }

    /// A forged close, diagnosed once.
    private static let forged = Task { try await diagnosed(.forgedClose, .destinationPort, .close) }

    private static func ladders(_ engine: DiagnosisEngine) -> [DiagnosisEngine.Done] {
        engine.done.filter { $0.experiment.kind == .ladder }
    }

    @Test func aForgedCloseIsPlacedByOneLadderToTheControl() async throws {
        let engine = try await Self.forged.value
        try #require(engine.verdict.causes == ["forged-close"], "\(engine.verdict)")
        let ladders = Self.ladders(engine)
        let look = try #require(ladders.first)
        let plan = try #require(look.experiment.ladder)
        #expect(ladders.count == 1 && look.why == .ladderLook && look.experiment.probe == nil)
        #expect(plan.host == "203.0.113.11" && plan.port == 8080 && plan.sends == .request && plan.vantage == "source")
        #expect(plan.most == 15 && plan.stepSeconds == 0.15)
        let before = try #require(engine.done.last { $0.experiment.kind != .ladder })
        #expect(look.belief.map(\.share) == before.belief.map(\.share))
        #expect(engine.speaker?.sentence.contains("behind hop 6, 198.51.100.6 (10.0 ms), by hop 7") == true)

        let document = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60)
        #expect(document.ladders == [try #require(look.result.ladder)])
        let evidence = try #require(document.evidence.first { $0.kind == "speaker" })
        #expect(evidence.for.isEmpty && evidence.against.isEmpty)
        #expect(
            evidence.arguments
                == ["closing-packet", "6", "11", "64", "198.51.100.6", "10.0", "198.51.100.7", "10.0", ""]
        )
        let lines = document.ticket?.text.split(separator: "\n").filter { $0.hasPrefix("Where it spoke: ") }
        #expect(lines?.count == 1)
    }

    @Test func whatDropsHasNotSpoken() async throws {
        let engine = try await Self.diagnosed(.carrierPortBlock, .destinationPort, .drop)
        #expect(Self.ladders(engine).isEmpty && engine.speaker == nil)
    }

    @Test func nothingIsClimbedWhereAPolicyBlocks() async throws {
        let engine = try await Self.diagnosed(.antiAbuseBlock, [.sourceAddress, .destinationPort], .reset)
        #expect(engine.isBlockedByPolicy && engine.verdict.mechanism == "reset")
        #expect(Self.ladders(engine).isEmpty)
    }

    @Test func nothingIsClimbedWithoutAControlAtTheHost() async throws {
        let engine = try await Self.diagnosed(.forgedClose, .destinationPort, .close) { site in
            site.controls[0].host = "192.0.2.50"
        }
        #expect(engine.verdict.causes == ["forged-close"])
        #expect(Self.ladders(engine).isEmpty)
    }

    @Test func onlyWhatWorksBesideTheSuspectIsClimbedTo() async throws {
        let engine = try await Self.forged.value
        let before = engine.done.filter { $0.experiment.kind != .ladder }
        func plan(_ host: String, _ port: UInt16) -> LadderPlan? {
            var site = EngineTests.site
            site.controls = [Site.Endpoint(host: host, port: port)]
            return LadderLook(view: SiteView(site, tier: 2), done: before).plan
        }
        #expect(plan("203.0.113.11", 8080)?.port == 8080)
        // The suspect itself, its other port, and another host.
        #expect(plan("203.0.113.11", 8703) == nil && plan("203.0.113.11", 8702) == nil)
        #expect(plan("192.0.2.50", 8080) == nil)
        #expect(LadderLook(view: engine.view, done: []).plan == nil)
    }

    @Test(arguments: ["it has died", nil]) func aLadderThatTellsNothingIsNoEvidence(problem: String?) async throws {
        var engine = try await Self.forged.value
        let index = try #require(engine.done.firstIndex { $0.experiment.kind == .ladder })
        engine.done[index].result.ladder?.vantageProblem = problem
        engine.done[index].result.ladder?.steps = []
        let document = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60)
        #expect(!document.evidence.contains { $0.kind == "speaker" } && document.ladders.count == 1)
        #expect(document.ticket?.text.contains("Where it spoke") == false)
        // It is not tried again either.
        #expect(LadderLook(view: engine.view, done: engine.done).plan == nil)
    }

    @Test(arguments: [true, false]) func recordsOfItGiveTheSameAnswer(choosesAgain: Bool) async throws {
        let engine = try await Self.forged.value
        try #require(!Self.ladders(engine).isEmpty)
        let startedAt = UTCTime(microseconds: 0)
        var again = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var replay = IncidentReplay(startedAt: startedAt, choosesAgain: choosesAgain)
        for done in engine.done {
            let entry = IncidentReplay.entry(of: done.experiment, done.result, at: 0)
            let read = try JSONValue(parsing: JSONValue(encoding: entry).json, from: "test")
                .decoded(as: IncidentEntry.self, from: "test")
            replay.take(read, into: &again)
        }
        let (one, other) = (
            engine.document(startedAt: startedAt, endedAt: startedAt, seconds: 60),
            again.document(startedAt: startedAt, endedAt: startedAt, seconds: 60)
        )
        #expect(one.ladders == other.ladders && one.verdict.causes == other.verdict.causes)
        #expect(engine.speaker == again.speaker)
        #expect(
            one.evidence.filter { $0.kind == "speaker" }.map(\.says)
                == other.evidence.filter { $0.kind == "speaker" }.map(\.says)
        )
        #expect(one.ticket?.text == other.ticket?.text)
    }
}
