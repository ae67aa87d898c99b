import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What losses tell, and how much of it.
@Suite struct LossTests {
    private static func transfer(_ bytes: Int, to destination: Contact.Destination = .suspectHost) -> Contact {
        var contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: destination, port: .suspect)
        (contact.bytes, contact.content) = (bytes, .random)
        return contact
    }

    /// Draws transfers segment by segment, and counts.
    @Test(arguments: [128 << 10, 512 << 10, 1 << 20])
    func sharesOfLossAreThoseOfTransfersThatWereDrawn(bytes: Int) {
        let seed = UInt64.random(in: 1...(.max))
        var state = seed
        func chance() -> Double {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return Double((state &* 2_685_821_657_736_338_717) >> 11) / Double(1 << 53)
        }
        let segments = Double(bytes) / 1448
        let draws = 6000
        var (light, heavy, severe) = (0, 0, 0)
        for draw in 0..<draws {
            let share = [0.015, 0.025, 0.04, 0.06, 0.08][draw % 5]
            let burst = draw % 2 == 0 ? 1 : 5
            var lost = 0
            for _ in 0..<Int((segments / Double(burst)).rounded()) where chance() < share { lost += burst }
            let seen = Double(lost) / segments
            if seen >= 0.003, seen < 0.019 { light += 1 }
            if seen >= 0.019 { heavy += 1 }
            if seen >= 0.08 { severe += 1 }
        }
        let contact = Self.transfer(bytes)
        let pairs = [
            (RandomLoss.light(contact), light), (RandomLoss.heavy(contact), heavy),
            (RandomLoss.severe(contact), severe),
        ]
        for (told, drawn) in pairs {
            // Poisson's numbers of events spread a little wider than those of a given number of segments.
            #expect(abs(told - Double(drawn) / Double(draws)) < 0.04, "\(told), drawn \(drawn), seed \(seed)")
        }
    }

    @Test func fewSegmentsAreOftenSpared() {
        let few = Self.transfer(128 << 10)
        let many = Self.transfer(4 << 20)
        func spared(_ contact: Contact) -> Double { 1 - RandomLoss.light(contact) - RandomLoss.heavy(contact) }
        #expect(spared(few) > 0.1)
        #expect(spared(many) < 0.01)
        #expect(RandomLoss.heavy(many) > RandomLoss.heavy(few))
    }

    @Test func aPolicedTransferLosesMoreThanOneOnABadLine() throws {
        let contact = Self.transfer(1 << 20)
        func severe(_ cause: Cause) throws -> Double {
            let all = FaultTable.hypotheses().map(\.0)
            let hypothesis = try #require(all.first { $0.cause == cause && $0.second == nil && $0.selector == [] })
            return TransferModel.loss(hypothesis, contact, .severe, Scene())
        }
        #expect(try severe(.policer) > 3 * severe(.randomLoss))
    }

    @Test func aLimitOfACloudsAddressIsNotLaidOnTheCarrier() async throws {
        let truth = try EngineTests.hypothesis(.scrubbingCap, .destinationAddress, .rate)
        let engine = await EngineTests.diagnose(truth, tier: 2, seed: 3)
        #expect(engine.verdict.remedy != "ask-carrier", "\(engine.verdict.causes)")
    }

    @Test(arguments: [Cause.randomLoss, .policer])
    func noCarrierIsBlamedForLossBeforeAnotherCloudWasLookedAt(cause: Cause) async throws {
        let truth = try #require(
            FaultTable.hypotheses().map(\.0).first { $0.cause == cause && $0.second == nil && $0.selector == [] }
        )
        var blamed = 0
        for seed in UInt64(1)...4 {
            let engine = await EngineTests.diagnose(truth, tier: 2, seed: seed)
            guard engine.verdict.level == .veryLikely, engine.verdict.causes == [cause.rawValue] else { continue }
            blamed += 1
            let isWide = engine.done.contains { done in
                guard case .otherCloud? = done.experiment.contact?.destination else { return false }
                return done.experiment.contact?.isBulk == true
            }
            #expect(isWide, "seed \(seed) made \(engine.done.map(\.experiment.changed))")
        }
        #expect(blamed > 0)
    }

    @Test func thatAnotherAddressOfTheSiteStaysAsItIsSaysNothingOfTheOneThatFails() {
        func findings(by source: Contact.SourceIdentity, seenAs clients: [String]) -> [Finding] {
            var contact = Self.transfer(1 << 20)
            contact.source = source
            let plan = ProbePlan(id: "p1", vantage: "v", host: "203.0.113.11", port: 8703, speaks: .rsync)
            var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
            record.outcome = .ok
            record.source = "10.10.1.2:40000"
            let watch = WatchPlan(id: "p2", vantage: "edge", host: "203.0.113.11", ports: [8703], limitSeconds: 5)
            var seen = WatchRecord(watch, startedAt: "2026-01-01T00:00:00Z")
            seen.flows = clients.map {
                var flow = SeenFlow(client: $0, clientPort: 40_000, server: "203.0.113.11", serverPort: 8703)
                (flow.fromClient.packets, flow.fromClient.firstSequence) = (1, 101)
                return flow
            }
            var opening = PacketFacts(seconds: 0, flags: "S")
            opening.sequence = 100
            seen.flows[0].fromClient.openings = [opening]
            return WatchReading(contact: contact, record: record, outcome: .ok, watch: seen, position: .sourceEgress)
                .findings
        }
        #expect(!findings(by: .verified(1), seenAs: ["198.18.2.60"]).contains(.addressChanges(false)))
        #expect(findings(by: .failing, seenAs: ["198.18.2.62"]).contains(.addressChanges(false)))
        #expect(findings(by: .verified(1), seenAs: ["198.18.2.60", "198.18.2.61"]).contains(.addressChanges(true)))
    }
}
