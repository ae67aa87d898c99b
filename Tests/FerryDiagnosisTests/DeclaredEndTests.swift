import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What is declared to work need not: sites change, and nobody tells the file.
@Suite struct DeclaredEndTests {
    private static let control = Contact.End(destination: .suspectHost, port: .other(8080))
    private static let otherCloud = Contact.End(destination: .otherCloud(1), port: .suspect)
    private static let alternate = Contact.End(destination: .suspectHost, port: .alternate(8702))

    private static func diagnosed(
        _ truth: Hypothesis,
        without absent: Set<Contact.End>,
        seed: UInt64 = 2
    ) async -> DiagnosisEngine {
        var network = SimulatedNetwork(truth, EngineTests.site, tier: 2, seed: seed)
        network.absent = absent
        return await EngineTests.diagnose(network)
    }

    private static func healthy() throws -> Hypothesis {
        try #require(FaultTable.hypotheses().map(\.0).first { $0.cause == .none && $0.trigger != .unknown })
    }

    @Test(arguments: [[control], [otherCloud], [alternate], [control, otherCloud, alternate]])
    func aServiceThatIsNotThereBesideAHealthySuspectIsNoFaultOfTheSuspect(absent: Set<Contact.End>) async throws {
        let engine = await Self.diagnosed(try Self.healthy(), without: absent)
        #expect(engine.leadingRemedies.first?.remedy == Remedy.none, "\(engine.verdict)")
        #expect(engine.verdict.causes.contains("none"), "\(engine.verdict)")
    }

    @Test(arguments: [[control], [otherCloud], [alternate]])
    func aBlockIsFoundThoughSomethingDeclaredIsNotThere(absent: Set<Contact.End>) async throws {
        let truth = try EngineTests.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        let engine = await Self.diagnosed(truth, without: absent, seed: 5)
        #expect(engine.verdict.causes.contains("anti-abuse-block"), "with the seed 5: \(engine.verdict)")
    }

    @Test func whatHasOnlyFailedIsToldAndNothingIsSentThere() async throws {
        let engine = await Self.diagnosed(try Self.healthy(), without: [Self.control])
        let document = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60)
        #expect(document.evidence.filter { $0.kind == "declared-end" }.map(\.arguments) == [["203.0.113.11:8080"]])
        let asked = engine.done.filter { ($0.experiment.contact?.bytes ?? 0) > 0 }.compactMap(\.experiment.contact?.end)
        #expect(!asked.contains(Self.control))
    }

    @Test func anotherControlTakesThePlaceOfOneThatHasOnlyFailed() async throws {
        var site = EngineTests.site
        site.controls.append(Site.Endpoint(host: "203.0.113.11", port: 22))
        var network = SimulatedNetwork(try Self.healthy(), site, tier: 2, seed: 2)
        network.absent = [Self.control]
        let engine = await EngineTests.diagnose(network)
        let controls = engine.done.compactMap(\.result.before?.plan.port)
        #expect(controls.first == 8080 && controls.dropFirst().allSatisfy { $0 == 22 }, "\(controls)")
        #expect(engine.verdict.causes.contains("none"))
    }
}
