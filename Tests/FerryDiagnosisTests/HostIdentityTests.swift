import FerryAddress
import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// Who is the suspect, and who the failing source, however they are called.
@Suite struct HostIdentityTests {
    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(parsing: text)) }

    private static func site(suspect: String, other: String) -> Site {
        var site = EngineTests.site
        site.suspect.host = suspect
        site.controls = []
        var declared = Site.Endpoint(host: other, port: 8703)
        declared.relation = .otherCloud
        site.otherDestinations = [declared]
        return site
    }

    private static func destinations(_ engine: DiagnosisEngine) -> [String] {
        ExperimentCatalogue(view: engine.view, scene: engine.scene).candidates().filter { $0.kind == .destination }
            .compactMap(\.probe?.host)
    }

    @Test(arguments: [("127.0.0.1", "::ffff:127.0.0.1"), ("Staging.Example", "staging.example.")])
    func theSuspectUnderAnotherSpellingIsNotComparedWithItself(suspect: String, other: String) {
        let engine = DiagnosisEngine(Self.site(suspect: suspect, other: other), tier: 2, timeScale: 1)
        #expect(Self.destinations(engine).isEmpty)
        #expect(engine.notesOfDeclaredSuspects.map(\.arguments) == [[Place.text(other, 8703)]])
    }

    @Test func aNameThatLeadsToTheSuspectIsTheSuspect() throws {
        var engine = DiagnosisEngine(
            Self.site(suspect: "203.0.113.11", other: "mirror.example"),
            tier: 2,
            timeScale: 1
        )
        #expect(Self.destinations(engine) == ["mirror.example"])
        engine.learn("mirror.example", leadsTo: [try Self.address("203.0.113.11")])
        #expect(Self.destinations(engine).isEmpty)
        #expect(engine.view.end("mirror.example", 8703) == engine.view.end("203.0.113.11", 8703))
    }

    @Test(arguments: [["mirror.example", "staging.example"], ["staging.example", "mirror.example"]])
    func twoNamesOfOneHostAreOneInWhateverOrderTheyAreLearned(names: [String]) throws {
        var engine = DiagnosisEngine(
            Self.site(suspect: "staging.example", other: "mirror.example"),
            tier: 2,
            timeScale: 1
        )
        for name in names { engine.learn(name, leadsTo: [try Self.address("203.0.113.11")]) }
        #expect(Self.destinations(engine).isEmpty)
    }

    @Test func namesThatShareAnAddressOfAnotherHostAreNotTheSuspect() throws {
        var view = SiteView(Self.site(suspect: "staging.example", other: "mirror.example"), tier: 2)
        view.learn("staging.example", leadsTo: [try Self.address("203.0.113.11")])
        view.learn("mirror.example", leadsTo: [try Self.address("203.0.113.11"), try Self.address("192.0.2.99")])
        #expect(view.destination("192.0.2.99") != .suspectHost)
        #expect(view.destination("203.0.113.11") == .suspectHost)
    }

    @Test func whereTheSuspectsNameLeadsAstrayIsNotTheSuspect() throws {
        var view = SiteView(Self.site(suspect: "staging.example", other: "192.0.2.99"), tier: 2)
        view.learn("staging.example", leadsTo: [try Self.address("192.0.2.99"), try Self.address("203.0.113.11")])
        #expect(view.destination("192.0.2.99") == .suspectHost)
        view.learn(strays: ["192.0.2.99"])
        #expect(view.destination("192.0.2.99") != .suspectHost)
        #expect(view.destination("203.0.113.11") == .suspectHost)
    }

    @Test func whatAVantageHasRefusedIsTakenBackOfTheBudget() {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        let plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        func take(_ failure: String?, at now: Double) {
            engine.begins(plan, at: now)
            var result = ExperimentResult()
            result.probe = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
            result.probe?.outcome = .notSent
            result.probe?.vantageProblem = "it would not"
            result.probe?.failure = failure
            engine.take(result, of: engine.experiment(.baseline, plan, nil), why: .noted, at: now)
        }
        take(ProbeRecord.refusedByVantage, at: 0)
        #expect(engine.guards.suspectConnects == 0)
        // One that has died may have made it.
        take(nil, at: 100)
        #expect(engine.guards.suspectConnects == 1)
    }

    @Test func whatTurnsOutToBeTheSuspectCountsAsAConnectionToIt() throws {
        var engine = DiagnosisEngine(
            Self.site(suspect: "203.0.113.11", other: "mirror.example"),
            tier: 0,
            timeScale: 1
        )
        let plan = ProbePlan(id: "p1", vantage: "source", host: "mirror.example", port: 8703, speaks: .tcp)
        let experiment = engine.experiment(.destination, plan, nil)
        engine.begins(plan, at: 0)
        var result = ExperimentResult()
        result.probe = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        result.probe?.destination = "203.0.113.11:8703"
        engine.take(result, of: experiment, why: .noted, at: 0)
        let suspect = ProbePlan(id: "p2", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .tcp)
        #expect(engine.guards.wait(for: engine.view.contact(suspect), now: 1) == 59)
        #expect(engine.done.last?.experiment.contact?.destination == .suspectHost)
    }

    @Test func whoIsDeclaredToLeaveByAnotherAddressAndDoesNotIsToldByTheFailingOne() {
        var site = EngineTests.site
        site.sourceAddresses = [Site.SourceAddress(address: "10.10.2.1", via: nil)]
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        engine.translatedAddresses = ["198.51.100.62"]
        var plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        plan.sourceAddress = "10.10.2.1"
        var control = plan
        (control.id, control.port) = ("p0", 8080)
        let experiment = engine.experiment(.sourceAddress, plan, nil)
        engine.begins(plan, at: 0)
        var result = ExperimentResult()
        result.before = ProbeRecord(control, startedAt: "2026-01-01T00:00:00Z")
        result.before?.translatedSource = "198.51.100.62:40000"
        result.probe = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        result.probe?.outcome = .synTimeout
        engine.take(result, of: experiment, why: .noted, at: 0)
        #expect(engine.view.isFailing("10.10.2.1"))
        var own = plan
        own.sourceAddress = nil
        #expect(engine.guards.wait(for: engine.view.contact(own), now: 1) == 59)
        let candidates = ExperimentCatalogue(view: engine.view, scene: engine.scene).candidates()
        #expect(!candidates.contains { $0.kind == .sourceAddress })
    }

    @Test func connectionsOfWhoTurnsOutToLeaveByTheSameAddressCountAsItsOwn() {
        var guards = Guards(timeScale: 1)
        let own = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        var other = own
        (other.vantage, other.source, other.leavesByItsOwnAddress) = (2, .verified(2), true)
        guards.begins(other, at: 0)
        guards.killed(other, at: 0)
        #expect(guards.wait(for: own, now: 1) == 0)
        guards.join(.verified(2))
        #expect(guards.wait(for: own, now: 1) == 119)
    }

    @Test(arguments: [Site.Position.carrier, .otherPublic, .sourceEgress])
    func whoWasDeclaredToLeaveByTheFailingAddressIsHeldToItsGuards(position: Site.Position) {
        var site = EngineTests.site
        site.vantages.append(Site.Vantage(name: "far", position: position, reach: "unix:/far"))
        site.sourceAddresses = [Site.SourceAddress(address: "198.51.100.70", via: "far")]
        var engine = DiagnosisEngine(site, tier: 2, timeScale: 1)
        let far = ProbePlan(id: "p1", vantage: "far", host: "203.0.113.11", port: 8703, speaks: .rsync)
        engine.begins(far, at: 0)
        #expect(engine.view.contact(far).leavesByItsOwnAddress)
        var own = far
        (own.id, own.vantage) = ("p2", "source")
        var (result, record) = (ExperimentResult(), ProbeRecord(own, startedAt: "2026-01-01T00:00:00Z"))
        (record.outcome, record.source) = (.synTimeout, "198.51.100.70:40000")
        result.probe = record
        engine.begins(own, at: 10)
        engine.take(result, of: engine.experiment(.baseline, own, nil), why: .noted, at: 10)
        #expect(!engine.view.contact(far).leavesByItsOwnAddress)
        #expect(engine.guards.wait(for: engine.view.contact(far), now: 11) == 59)
    }

    @Test func theEdgeOfTheSourcesNetworkSharesItsAddressUnlessItIsDeclaredOtherwise() {
        var site = EngineTests.site
        site.sourceAddresses = []
        let plan = ProbePlan(id: "p1", vantage: "edge", host: "203.0.113.11", port: 8703, speaks: .rsync)
        #expect(!SiteView(site, tier: 2).contact(plan).leavesByItsOwnAddress)
        site.sourceAddresses = [Site.SourceAddress(address: "198.51.100.70", via: "edge")]
        var view = SiteView(site, tier: 2)
        #expect(view.contact(plan).leavesByItsOwnAddress)
        #expect(view.contact(plan).source == .verified(2))
        view.learn(failing: "198.51.100.70")
        #expect(!view.contact(plan).leavesByItsOwnAddress)
        #expect(view.contact(plan).source == .declared(2))
    }

    // MARK: records

    @Test func rangeOfIPv4WithinIPv6SpeaksOfItsAddresses() {
        #expect(RecordedAddress("::ffff:127.0.0.0/104").contains(CanonicalHost("127.9.9.9")))
        #expect(!RecordedAddress("::ffff:127.0.0.0/104").contains(CanonicalHost("128.0.0.1")))
        #expect(RecordedAddress("::ffff:203.0.113.9/128").contains(CanonicalHost("203.0.113.9")))
    }

    @Test func recordedRangesSpeakOfAllInThem() throws {
        let range = RecordedAddress("203.0.113.0/25")
        #expect(range.contains(CanonicalHost("203.0.113.127")) && !range.contains(CanonicalHost("203.0.113.128")))
        #expect(!range.contains(CanonicalHost("2001:db8::1")) && !range.contains(CanonicalHost("staging.example")))
        #expect(RecordedAddress("2001:db8::/32").contains(CanonicalHost("2001:DB8:1::2")))
        #expect(RecordedAddress("0.0.0.0/0").contains(CanonicalHost("192.0.2.1")))
        #expect(RecordedAddress("::ffff:192.0.2.1").contains(CanonicalHost("192.0.2.1")))
        for odd in ["192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/", "/8", ""] {
            #expect(!RecordedAddress(odd).contains(CanonicalHost("192.0.2.1")), "\(odd)")
        }
    }

    @Test func recordsOfASuspectThatIsCalledByANameAreFoundByWhereItLeads() throws {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:02Z"))
        let text =
            #"{"complete":true,"blocks":[{"source":"198.51.100.0/24","destination":"203.0.113.11","port":8703}]}"#
        let records = try ProviderRecords(parsing: text, from: "test")
        func finding(_ hosts: [String]) -> Finding.ProviderFinding {
            records.finding(
                sources: [CanonicalHost("198.51.100.62")],
                areAll: true,
                hosts: Set(hosts.map { CanonicalHost($0) }),
                port: 8703,
                now: now,
                covering: now
            )
        }
        #expect(finding(["staging.example", "203.0.113.11"]) == .blocksKey)
        #expect(finding(["staging.example"]) == .nothingKnown)
        #expect(finding(["staging.example", "203.0.113.12"]) == .nothing)
    }
}
