import FerryCore
import FerryEvidence
import Testing

@testable import FerryCommands

/// What a site file leads to and is not there is the input's fault, and said by name.
@Suite struct SiteInputTests {
    private static func site() -> Site { Site(suspect: Site.Endpoint(host: "203.0.113.11", port: 8703)) }

    @Test func identityThatVantagesNeedIsMissedBeforeTheyAreAsked() throws {
        var site = Self.site()
        site.vantages = [Site.Vantage(name: "source", position: .sourceHost, reach: "tls://203.0.113.62:8710")]
        let missing = try #require(throws: FerryError.self) { try VantageIdentity.check(nil, for: site) }
        #expect(missing.code.kind == .input && missing.subject == "the vantage source at tls://203.0.113.62:8710")
        #expect(missing.advice.contains("--identity DIR"))
        let wrong = try #require(throws: FerryError.self) { try VantageIdentity.check("/no/such", for: site) }
        #expect(wrong.code.kind == .input && wrong.subject.hasPrefix("/no/such/"), "\(wrong)")
    }

    @Test func identityIsNeededForSocketsOfThisMachineByNobody() throws {
        var site = Self.site()
        site.vantages = [Site.Vantage(name: "source", position: .sourceHost, reach: "unix:/run/ferry/source.sock")]
        try VantageIdentity.check(nil, for: site)
        // One that is given and not there is still told.
        let wrong = try #require(throws: FerryError.self) { try VantageIdentity.check("/no/such", for: site) }
        #expect(wrong.subject.hasPrefix("/no/such/"), "\(wrong)")
    }

    @Test func fileOfASiteThatIsNotThereIsToldWithItsKey() throws {
        var site = Self.site()
        site.history = "/no/such/events.jsonl"
        site.uplink = Site.Uplink(bitsPerSecond: nil, monitor: "file:/no/such/uplink.csv")
        let evidence = StandingEvidence(site: site, tier: 0, captures: [])
        let history = try #require(throws: FerryError.self) { try evidence.history() }
        #expect(history.subject == "the event log (\"history\" of the site file) at /no/such/events.jsonl")
        #expect(history.cause == "No such file or directory" && history.advice.contains("site file"))
        let uplink = try #require(throws: FerryError.self) { try evidence.uplinkText() }
        #expect(uplink.subject.contains("\"monitor\"") && uplink.subject.hasSuffix("/no/such/uplink.csv"))
        #expect(uplink.cause == "No such file or directory")
    }
}
