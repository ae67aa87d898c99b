import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What of the provider's records depends on when they were asked for, and on when it failed.
@Suite struct RecordTimeTests {
    private static let start = "2026-01-01T12:00:00Z"

    /// An engine that has the records, has seen the suspect once, and nothing else.
    private static func engine(
        _ records: String,
        _ outcome: ProbeOutcome,
        failedBefore: String? = nil,
        leavingBy address: String = "198.51.100.7",
        timeScale: Double = 1
    ) throws -> DiagnosisEngine {
        let now = try #require(UTCTime(parsing: start))
        var engine = DiagnosisEngine(EngineTests.site, tier: 3, timeScale: timeScale)
        if let failedBefore {
            let line =
                "{\"time\":\"\(failedBefore)\",\"event\":\"lane-ended\",\"destination\":\"203.0.113.11\",\"port\":8703,\"outcome\":\"SYN_TIMEOUT\"}"
            engine.take(history: MoverEvent.reading(line).events, now: now)
        }
        engine.take(records: try ProviderRecords(parsing: "{\(records)}", from: "test"), now: now)
        while true {
            guard case .run(let experiment, let why) = engine.next(at: 0) else {
                Issue.record("the suspect is looked at first")
                return engine
            }
            var result = ExperimentResult()
            result.probe = experiment.probe.map { ProbeRecord($0, startedAt: start) }
            result.probe?.outcome = outcome
            result.probe?.source = "\(address):40000"
            engine.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { return engine }
        }
    }

    private static func says(_ engine: DiagnosisEngine) -> [[String]] {
        engine.notes.filter { $0.kind == "provider-record" }.map(\.arguments)
    }

    private static func share(_ cause: Cause, _ engine: DiagnosisEngine) -> Double {
        engine.belief.shares(\.cause).first { $0.key == cause }?.share ?? 0
    }

    // MARK: asOf

    @Test(arguments: [
        ("2026-01-01T11:30:00Z", "nothing"), ("2026-01-01T11:29:59Z", "outdated"), ("yesterday", "outdated"),
    ])
    func absenceIsEvidenceOnlyInRecordsYoungerThanTheLastFailure(asOf: String, expected: String) throws {
        let engine = try Self.engine(
            "\"complete\":true,\"asOf\":\"\(asOf)\"",
            .ok,
            failedBefore: "2026-01-01T11:30:00Z"
        )
        #expect(Self.says(engine) == [[expected]])
    }

    @Test(arguments: [(ProbeOutcome.ok, 1.0), (.synTimeout, 1), (.synTimeout, 0.05)])
    func recordsMayBeTenMinutesOlderThanTheDiagnosisAndWhatItSees(outcome: ProbeOutcome, timeScale: Double) throws {
        func says(_ minutes: Double) throws -> [[String]] {
            let start = try #require(UTCTime(parsing: Self.start))
            let asOf = UTCTime(microseconds: start.microseconds - Int64(minutes * timeScale * 60e6))
            return Self.says(
                try Self.engine("\"complete\":true,\"asOf\":\"\(asOf)\"", outcome, timeScale: timeScale)
            )
        }
        #expect(try says(9.9) == [["nothing"]])
        #expect(try says(10.1) == [["outdated"]])
    }

    @Test func recordsThatCoverAnEarlierFailureDoNotCoverOneOfNow() throws {
        let records = "\"complete\":true,\"asOf\":\"2026-01-01T11:30:00Z\""
        let before = "2026-01-01T11:00:00Z"
        #expect(Self.says(try Self.engine(records, .ok, failedBefore: before)) == [["nothing"]])
        #expect(Self.says(try Self.engine(records, .synTimeout, failedBefore: before)) == [["outdated"]])
    }

    @Test func recordsWithoutATimeAreOfNow() throws {
        #expect(Self.says(try Self.engine("\"complete\":true", .synTimeout)) == [["nothing"]])
        #expect(Self.says(try Self.engine("\"asOf\":\"2026-01-01T12:00:00Z\"", .synTimeout)) == [["nothingKnown"]])
    }

    @Test func blocksInOldRecordsCountUntilTheyEnd() throws {
        func says(until: String) throws -> [[String]] {
            let block = "{\"source\":\"198.51.100.7\",\"port\":8703,\"until\":\(until)}"
            let old = "\"complete\":true,\"asOf\":\"2026-01-01T01:00:00Z\",\"blocks\":[\(block)]"
            return Self.says(try Self.engine(old, .synTimeout))
        }
        #expect(try says(until: "null") == [["blocksKey"]])
        #expect(try says(until: "\"2026-01-01T11:59:00Z\"") == [["outdated"]])
    }

    @Test func absenceInOldRecordsWeighsAsLittleAsInIncompleteOnes() throws {
        let incomplete = try Self.engine("\"complete\":false", .synTimeout)
        let old = try Self.engine("\"complete\":true,\"asOf\":\"2026-01-01T01:00:00Z\"", .synTimeout)
        let young = try Self.engine("\"complete\":true,\"asOf\":\"2026-01-01T12:00:00Z\"", .synTimeout)
        #expect(abs(Self.share(.antiAbuseBlock, old) - Self.share(.antiAbuseBlock, incomplete)) < 1e-9)
        #expect(Self.share(.antiAbuseBlock, young) < Self.share(.antiAbuseBlock, old))
    }

    // MARK: the allowlist

    private static func allowing(_ effective: String?, _ source: String = "198.51.100.7") -> String {
        let time = effective.map { "\"\($0)\"" } ?? "null"
        return "\"allowlist\":[{\"source\":\"\(source)\",\"effective\":\(time)}]"
    }

    @Test func whoWasLetPassWhenItFailedIsHardlyBlocked() throws {
        let since = "2026-01-01T11:50:00.000000Z"
        let without = try Self.engine("", .synTimeout)
        let engine = try Self.engine(Self.allowing(since), .synTimeout)
        #expect(Self.says(engine) == [["nothingKnown"], ["allowlisted", "198.51.100.7", since]])
        for cause in [Cause.antiAbuseBlock, .sourceAddressBlock] {
            let ratio = Self.share(cause, engine) / Self.share(cause, without)
            #expect((0.08..<0.3).contains(ratio), "\(cause): \(ratio)")
        }
        for cause in [Cause.firewallDrop, .hostBan, .unmodelled] {
            #expect(Self.share(cause, engine) >= Self.share(cause, without), "\(cause)")
        }
        let document = engine.document(startedAt: .now(), endedAt: .now(), seconds: 1)
        let told = document.evidence.first { $0.arguments?.first == "allowlisted" }
        #expect(told?.against.contains("anti-abuse-block") == true)
    }

    @Test(arguments: ["2026-01-01T11:50:01Z", "2026-01-01T11:59:00Z", "2026-01-01T13:00:00Z"])
    func whatMayNotYetActIsToldAndNoEvidence(effective: String) throws {
        let without = try Self.engine("", .synTimeout)
        let engine = try Self.engine(Self.allowing(effective), .synTimeout)
        #expect(engine.belief.probabilities == without.belief.probabilities)
        let note = try #require(engine.notes.last)
        let time = try #require(UTCTime(parsing: effective))
        let acts = UTCTime(microseconds: time.microseconds + 600_000_000)
        #expect(note.arguments == ["allowlisted-from", "198.51.100.7", "\(time)", "\(acts)"])
        #expect(note.findings.isEmpty && note.says.contains("from \(time) on"))
    }

    @Test func theTimeScaleShrinksHowLongItTakesToAct() throws {
        let effective = "2026-01-01T11:59:29Z"
        #expect(Self.says(try Self.engine(Self.allowing(effective), .synTimeout)).last?[0] == "allowlisted-from")
        let scaled = try Self.engine(Self.allowing(effective), .synTimeout, timeScale: 0.05)
        #expect(Self.says(scaled).last?[0] == "allowlisted")
    }

    @Test func whatFailedBeforeItWasLetPassMayHaveBeenABlock() throws {
        let before = "2026-01-01T11:00:00Z"
        let without = try Self.engine("", .ok, failedBefore: before)
        let engine = try Self.engine(Self.allowing("2026-01-01T11:10:00Z"), .ok, failedBefore: before)
        #expect(engine.belief.probabilities == without.belief.probabilities)
        #expect(
            Self.says(engine).last == ["allowlisted-since", "198.51.100.7", "2026-01-01T11:10:00.000000Z"]
        )
        let longBefore = try Self.engine(Self.allowing("2026-01-01T10:50:00Z"), .ok, failedBefore: before)
        #expect(Self.says(longBefore).last?[0] == "allowlisted")
    }

    @Test func theAllowlistTellsNothingOfOthersAndWithoutATime() throws {
        let records = [
            Self.allowing("2026-01-01T01:00:00Z", "192.0.2.99"), Self.allowing(nil), Self.allowing("soon"),
            "\"allowlist\":[]",
        ]
        for text in records { #expect(Self.says(try Self.engine(text, .synTimeout)) == [["nothingKnown"]], "\(text)") }
    }

    @Test func allAddressesThatItLeavesByHaveToBeLetPass() throws {
        let text =
            "{\"allowlist\":[{\"source\":\"192.0.2.1\",\"effective\":\"2026-01-01T01:00:00Z\"},{\"source\":\"192.0.2.2\",\"effective\":\"2026-01-01T03:00:00Z\"},{\"source\":\"192.0.2.2\",\"effective\":\"2026-01-01T02:00:00Z\"}]}"
        let records = try ProviderRecords(parsing: text, from: "test")
        #expect(records.allowance(of: []) == nil)
        #expect(records.allowance(of: ["192.0.2.1", "192.0.2.3"]) == nil)
        let both = try #require(records.allowance(of: ["192.0.2.1", "192.0.2.2"]))
        #expect(both.source == "192.0.2.2" && both.effective == UTCTime(parsing: "2026-01-01T02:00:00Z"))
    }

    @Test func aBlockInTheRecordsCountsBesideTheAllowlist() throws {
        let block = "\"blocks\":[{\"source\":\"198.51.100.7\",\"port\":8703}]"
        let engine = try Self.engine("\(block),\(Self.allowing("2026-01-01T01:00:00Z"))", .synTimeout)
        #expect(Self.says(engine).map(\.[0]) == ["blocksKey", "allowlisted"])
    }

    @Test func addressThatNobodyLeavesByIsNoAllowanceOfTheOneThatIsSeen() throws {
        // The source has a private address, and is seen outside by another one, which is not on the list.
        var engine = try Self.engine("", .synTimeout)
        engine.localAddresses = ["10.0.0.5"]
        engine.translatedAddresses = ["198.51.100.7"]
        let list = "{\"allowlist\":[{\"source\":\"10.0.0.5\",\"effective\":\"2026-01-01T10:00:00Z\"}]}"
        let records = try ProviderRecords(parsing: list, from: "test")
        let before = engine.notes.count
        engine.judgeAllowlist(of: records, now: try #require(UTCTime(parsing: Self.start)))
        #expect(engine.notes.count == before)
        engine.translatedAddresses = []
        engine.judgeAllowlist(of: records, now: try #require(UTCTime(parsing: Self.start)))
        #expect(engine.notes.count == before + 1)
    }
}
