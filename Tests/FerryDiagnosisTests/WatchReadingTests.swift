import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What is seen of one connection where others pass, too.
@Suite struct WatchReadingTests {
    private static let suspect = "203.0.113.11"

    private static func flow(_ client: String, _ port: UInt16, to server: UInt16 = 8703, number: UInt32?) -> SeenFlow {
        var flow = SeenFlow(client: client, clientPort: port, server: suspect, serverPort: server)
        var opening = PacketFacts(seconds: 0, flags: "S")
        opening.sequence = number
        flow.fromClient.openings = [opening]
        return flow
    }

    private static func record(_ outcome: ProbeOutcome, _ port: UInt16, from source: String, number: UInt32?)
        -> ProbeRecord
    {
        let plan = ProbePlan(id: "p1", vantage: "source", host: suspect, port: port, speaks: .rsync)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.source) = (outcome, source)
        if let number {
            var request = PacketFacts(seconds: 0, flags: "S")
            request.sequence = number
            record.handshake = HandshakeFacts(requests: [request], answers: [], roundTripSeconds: nil)
        }
        return record
    }

    private static func reading(
        _ outcome: ProbeOutcome,
        number: UInt32?,
        _ flows: [SeenFlow],
        controls: [ProbeRecord] = [],
        to destination: String? = nil,
        at position: Site.Position = .service
    ) -> WatchReading {
        var record = record(outcome, 8703, from: "10.10.1.2:40000", number: number)
        record.destination = destination
        let watch = WatchPlan(id: "p2", vantage: "staging", host: suspect, ports: [8703, 8080], limitSeconds: 5)
        var seen = WatchRecord(watch, startedAt: "2026-01-01T00:00:00Z")
        seen.flows = flows
        let contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        return WatchReading(
            contact: contact,
            record: record,
            outcome: outcome,
            watch: seen,
            position: position,
            controls: controls
        )
    }

    @Test(arguments: [Site.Position.sourceEgress, .service])
    func whatCameInAndDidNotLeaveHasNotPassedTheEdge(position: Site.Position) {
        let control = Self.record(.ok, 8080, from: "10.10.1.2:41000", number: 3)
        let both = [
            Self.flow("10.10.1.2", 41_000, to: 8080, number: 3), Self.flow("198.18.2.62", 1025, to: 8080, number: 3),
        ]
        let inner = Self.flow("10.10.1.2", 40_000, number: 5)
        func isSeen(_ flows: [SeenFlow]) -> Bool? {
            Self.isSeen(Self.reading(.synTimeout, number: 5, flows, controls: [control], at: position))
        }
        #expect(isSeen([inner] + both) == (position == .service))
        #expect(isSeen([inner, Self.flow("198.18.2.62", 1024, number: 5)] + both) == true)
        // Where the control is seen once, too, nobody is translated there.
        #expect(isSeen([inner, both[0]]) == true)
        // And where nothing works, nobody knows.
        let alone = Self.reading(.synTimeout, number: 5, [inner], to: "203.0.113.11:8703", at: position)
        #expect(Self.isSeen(alone) == (position == .service ? true : nil))
    }

    @Test func whoWatchesAndTranslatesTellsTheAddressThatConnectionsLeaveBy() {
        let sides = [Self.flow("10.10.1.2", 40000, number: 7), Self.flow("198.18.2.62", 1024, number: 7)]
        for flows in [sides, sides.reversed()] {
            let reading = Self.reading(.synTimeout, number: 7, flows)
            #expect(reading.translated == "198.18.2.62" && reading.translatedEndpoint == "198.18.2.62:1024")
        }
    }

    private static func isSeen(_ reading: WatchReading) -> Bool? {
        for case .requestSeen(_, _, at: _, let isSeen) in reading.findings { return isSeen }
        return nil
    }

    /// The suspect is silent between controls that came through and passed with `number`; they were sent with 3.
    private static func withControl(seenWith number: UInt32, _ flows: [SeenFlow]) -> WatchReading {
        let control = record(.ok, 8080, from: "10.10.1.2:41000", number: 3)
        let seen = flow("198.18.2.62", 41_000, to: 8080, number: number)
        return reading(.synTimeout, number: 5, flows + [seen], controls: [control])
    }

    private static let stranger = flow("192.0.2.140", 51_000, number: 7)

    @Test func aStrangersConnectionIsNotTakenForOurs() {
        let reading = Self.reading(.synTimeout, number: 5, [Self.stranger])
        #expect(Self.isSeen(reading) == false)
        #expect(reading.translated == nil)
    }

    @Test func aTranslatedConnectionIsKnownByItsNumber() {
        let reading = Self.reading(.synTimeout, number: 5, [Self.stranger, Self.flow("198.18.2.62", 1024, number: 5)])
        #expect(Self.isSeen(reading) == true)
        #expect(reading.translated == "198.18.2.62")
        #expect(reading.translatedEndpoint == "198.18.2.62:1024")
    }

    @Test func aConnectionWhoseNumberWasRewrittenIsKnownByItsPort() {
        let reading = Self.withControl(seenWith: 99, [Self.stranger, Self.flow("198.18.2.62", 40_000, number: 9)])
        #expect(reading.translated == "198.18.2.62")
    }

    @Test func whatAVantageCallsAClientIsAnAddressOrNothing() {
        let reading = Self.reading(.synTimeout, number: 5, [Self.flow("call 555-0100\nFinding:", 40_000, number: 5)])
        #expect(Self.isSeen(reading) == true)
        #expect(reading.translated == nil && reading.translatedEndpoint == nil)
    }

    @Test func addressWithinTheCloudIsNotTheOneThatTheSourceLeavesBy() {
        let balanced = Self.flow("100.64.0.3", 40_000, number: 5)
        let reading = Self.reading(.synTimeout, number: 5, [balanced], to: "203.0.113.11:8703")
        #expect(Self.isSeen(reading) == true && reading.translated == nil && reading.translatedEndpoint == nil)
        // Where all of the way is private, it is.
        let own = Self.reading(.synTimeout, number: 5, [balanced], to: "10.9.0.11:8703")
        #expect(own.translated == "100.64.0.3")
    }

    @Test func aStrangerByTheSamePortIsNotTakenForUs() {
        let stranger = Self.flow("192.0.2.140", 40_000, number: 9)
        let reading = Self.withControl(seenWith: 3, [stranger])
        #expect(Self.isSeen(reading) == false && reading.translated == nil)
        // Without a control, somebody may have rewritten the number.
        let unknown = Self.reading(.synTimeout, number: 5, [stranger])
        #expect(unknown.findings.isEmpty && unknown.translated == nil)
    }

    @Test func whoDoesNotSeeWhatComesThroughProvesNothingByNotSeeing() {
        let control = Self.record(.ok, 8080, from: "10.10.1.2:41000", number: 3)
        let blind = Self.reading(.synTimeout, number: 5, [], controls: [control])
        #expect(blind.findings.isEmpty && blind.overlooked?.plan.port == 8080)
        // Others' connections are seen, and ours not: it is another host of several, or somebody begins them anew.
        let others = Self.flow("192.0.2.140", 52_000, to: 8080, number: 7)
        let beside = Self.reading(.synTimeout, number: 5, [others], controls: [control])
        #expect(beside.findings.isEmpty && beside.overlooked == nil)
        // One control of two.
        let second = Self.record(.ok, 8080, from: "10.10.1.2:41002", number: 4)
        let seen = Self.flow("198.18.2.62", 41_000, to: 8080, number: 3)
        #expect(Self.isSeen(Self.reading(.synTimeout, number: 5, [seen], controls: [control, second])) == nil)
        #expect(Self.isSeen(Self.reading(.synTimeout, number: 5, [seen], controls: [control])) == false)
        // What is recognised is seen all the same, and a control that failed need not have come.
        let ours = Self.flow("198.18.2.62", 40_000, number: 5)
        #expect(Self.isSeen(Self.reading(.synTimeout, number: 5, [ours], controls: [control])) == true)
        let failed = Self.record(.synTimeout, 8080, from: "10.10.1.2:41000", number: 3)
        #expect(Self.isSeen(Self.reading(.synTimeout, number: 5, [], controls: [failed])) == false)
    }

    @Test func serverIsWatchedByItsPortsAndBlindnessIsToldOnce() throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var watched = 0
        let stop = engine.drive { experiment in
            if watched == 2 { return nil }
            var result = ExperimentResult()
            result.probe = experiment.probe.map { Self.record(.synTimeout, $0, from: "10.10.1.2:40000") }
            result.before = experiment.control.map { Self.record(.ok, $0, from: "10.10.1.2:41000") }
            result.after = result.before
            result.watches = experiment.watches.map { WatchRecord($0, startedAt: "2026-01-01T00:00:00Z") }
            for watch in experiment.watches {
                #expect(watch.host == (watch.vantage == "staging" ? "" : Self.suspect))
                #expect(Set(watch.ports).isSubset(of: [8703, 8702, 8080]))
            }
            if experiment.watches.contains(where: { $0.vantage == "staging" }) { watched += 1 }
            return result
        }
        #expect(watched == 2, "it stops before: \(stop ?? "")")
        let notes = engine.notes.filter { $0.kind == "watch" }
        #expect(notes.map(\.arguments).contains(["staging", "blind", "203.0.113.11:8080"]))
        #expect(Set(notes.map(\.arguments)).count == notes.count)
        for finding in engine.done.flatMap(\.findings) {
            if case .requestSeen = finding { Issue.record("nothing was seen, and it is taken for a finding") }
        }
    }

    @Test func whoCannotWatchIsToldOnceAndNotAskedAgain() throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var made = 0
        let stop = engine.drive { experiment in
            if made == 3 { return nil }
            var result = ExperimentResult()
            result.probe = experiment.probe.map { Self.record(.synTimeout, $0, from: "10.10.1.2:40000") }
            result.watches = experiment.watches.map {
                var watch = WatchRecord($0, startedAt: "2026-01-01T00:00:00Z")
                watch.vantageProblem = "it may not capture packets"
                return watch
            }
            #expect(made == 0 || result.watches.allSatisfy { $0.plan.vantage != "staging" })
            if experiment.probe != nil { made += 1 }
            return result
        }
        #expect(made == 3, "it stops before: \(stop ?? "")")
        let notes = engine.notes.filter { $0.kind == "watch" && $0.arguments.first == "staging" }
        #expect(notes.map(\.arguments) == [["staging", "not-begun", "it may not capture packets"]])
        engine.goOn(from: 9, at: 9)
        #expect(engine.cannotWatch.isEmpty)
    }

    @Test func anAddressThatWasNotWatchedProvesNothing() {
        func isSeen(watching host: String, _ flows: [SeenFlow]) -> Bool? {
            var record = Self.record(.synTimeout, 8703, from: "10.10.1.2:40000", number: nil)
            record.destination = "\(Self.suspect):8703"
            let plan = WatchPlan(id: "w2", vantage: "edge", host: host, ports: [8703], limitSeconds: 5)
            var seen = WatchRecord(plan, startedAt: "2026-01-01T00:00:00Z")
            seen.flows = flows
            let contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
            return Self.isSeen(
                WatchReading(
                    contact: contact,
                    record: record,
                    outcome: .synTimeout,
                    watch: seen,
                    position: .sourceEgress
                )
            )
        }
        #expect(isSeen(watching: Self.suspect, []) == false)
        #expect(isSeen(watching: "203.0.113.12", []) == nil)
        // A watch of ports sees what goes to others, too.
        var other = Self.flow("198.18.2.62", 40_000, number: nil)
        other.server = "192.0.2.40"
        #expect(isSeen(watching: "", [other]) == false)
        #expect(isSeen(watching: "", [Self.flow("198.18.2.62", 40_000, number: nil)]) == true)
    }

    private static func record(_ outcome: ProbeOutcome, _ plan: ProbePlan, from source: String) -> ProbeRecord {
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.source) = (outcome, source)
        return record
    }

    @Test func onlyPacketsOfTheSameConnectionMakeAnotherAddressOfIt() {
        let ours = Self.flow("198.18.2.62", 40_000, number: 5)
        func changes(_ other: SeenFlow) -> Bool? {
            for case .addressChanges(let value) in Self.reading(.synTimeout, number: 5, [ours, other]).findings {
                return value
            }
            return nil
        }
        var later = Self.flow("198.18.2.60", 40_000, number: 5)
        later.fromClient.openings[0].seconds = 1
        #expect(changes(later) == true)
        #expect(changes(Self.flow("192.0.2.140", 40_000, number: 7)) == false)
        // The other side of a translation at the host that watches.
        #expect(changes(Self.flow("10.10.1.2", 40_000, number: 5)) == false)
        var begun = SeenFlow(client: "192.0.2.140", clientPort: 40_000, server: Self.suspect, serverPort: 8703)
        begun.fromClient.packets = 3
        #expect(changes(begun) == nil)
        begun.fromClient.firstSequence = 6
        #expect(changes(begun) == true)
        begun.fromClient.firstSequence = 900_000_000
        #expect(changes(begun) == false)
    }

    @Test func whereNobodyKnowsWhoseConnectionItIsNothingIsSaid() {
        #expect(Self.reading(.synTimeout, number: nil, [Self.stranger]).findings.isEmpty)
        #expect(Self.reading(.ok, number: 5, [Self.stranger]).findings.isEmpty)
        #expect(Self.isSeen(Self.reading(.synTimeout, number: nil, [])) == false)
    }

    @Test func whereNumbersAreRewrittenAnyOfThemMayBeOurs() {
        #expect(Self.isSeen(Self.withControl(seenWith: 3, [Self.stranger])) == false)
        #expect(Self.isSeen(Self.withControl(seenWith: 99, [Self.stranger])) == nil)
    }
}
