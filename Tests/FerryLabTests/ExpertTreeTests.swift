import FerryCore
import Testing

@testable import FerryLab

@Suite struct ExpertTreeTests {
    private static let customer = ["source", "neighbour", "edge"]
    private static let suspect = ["203.0.113.11"]

    static let scripts: [(cause: String, locus: String?, rules: [ProbeRule])] = [
        ("none", nil, []),
        (
            "anti-abuse-block", "cloud-edge",
            [ProbeRule(from: ["source"], to: suspect, port: 8703, sees: .refused)]
        ),
        (
            "anti-abuse-block", "cloud-edge",
            [ProbeRule(from: ["source"], to: suspect, port: 8703, sees: .connectClosed)]
        ),
        (
            "anti-abuse-block", "cloud-edge",
            [ProbeRule(from: ["source"], to: suspect, port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        (
            "firewall-reject", "source-firewall",
            [ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .icmp, milliseconds: 1)]
        ),
        (
            "source-firewall", "source-host",
            [ProbeRule(from: ["source"], port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        (
            "firewall-drop", "source-firewall",
            [ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        (
            "carrier-port-block", "carrier",
            [ProbeRule(from: customer, port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("carrier-black-hole", "carrier", [ProbeRule(from: customer, sees: .synTimeout, milliseconds: 3000)]),
        (
            "security-group", "cloud-network",
            [ProbeRule(from: customer + ["elsewhere"], to: suspect, port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("service-not-listening", "service", [ProbeRule(to: suspect, port: 8703, sees: .refused)]),
        ("service-refuses", "service", [ProbeRule(to: suspect, port: 8703, sees: .connectClosed)]),
        (
            "return-route-missing", "service",
            [
                ProbeRule(from: customer + ["elsewhere"], to: suspect, sees: .synTimeout, milliseconds: 3000),
                ProbeRule(from: ["staging"], sees: .icmp, milliseconds: 0),
            ]
        ),
        (
            "destination-black-hole", "cloud-edge",
            [ProbeRule(from: customer + ["elsewhere"], to: suspect, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("host-ban", "service", [ProbeRule(from: ["source"], to: suspect, sees: .refused)]),
        (
            "source-address-block", "cloud-edge",
            [
                ProbeRule(
                    from: ["source"],
                    to: suspect + ["203.0.113.12"],
                    sees: .synTimeout,
                    milliseconds: 3000
                )
            ]
        ),
        (
            "syn-proxy-dead-backend", "source-egress",
            [ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .connectSilence, milliseconds: 1)]
        ),
        (
            "syn-rate-limit", "cloud-edge",
            [
                ProbeRule(
                    from: ["source"],
                    to: suspect,
                    port: 8703,
                    times: 0..<3,
                    sees: .synTimeout,
                    milliseconds: 3000
                ),
                ProbeRule(
                    from: ["source"],
                    to: suspect,
                    port: 8703,
                    times: 5..<6,
                    sees: .synTimeout,
                    milliseconds: 3000
                ),
            ]
        ),
        ("mtu-black-hole", "carrier", [ProbeRule(from: ["source"], bytes: 2000, paced: false, sees: .midStall)]),
        (
            "payload-drop", "carrier",
            [ProbeRule(from: ["source"], bytes: 1, content: .own, sees: .midStall)]
        ),
        (
            "payload-reset", "carrier",
            [ProbeRule(from: ["source"], bytes: 1, content: .own, sees: .midReset)]
        ),
        ("byte-quota", "cloud-edge", [ProbeRule(from: ["source"], port: 8703, bytes: 200_000, sees: .midReset)]),
    ]

    private static func diagnose(
        _ rules: [ProbeRule],
        _ grants: Grants = Grants()
    ) throws -> (Verdict, [PlainAsk]) {
        let script = ProbeScript(rules)
        let expert = ExpertTree(try LabSite.site().granted(grants), grants, wait: { script.waited += $0 }) {
            ask throws(FerryError) in script.answer(ask)
        }
        let verdict = try expert.diagnose()
        return (verdict, script.asked)
    }

    @Test(arguments: scripts) func causeIsFound(cause: String, locus: String?, rules: [ProbeRule]) throws {
        let (verdict, _) = try Self.diagnose(rules)
        #expect(verdict.causes == [cause])
        #expect(verdict.loci == (locus.map { [$0] } ?? []))
        #expect((verdict.remedy == "none") == (cause == "none") && verdict.level == .likely)
        // What it says has to be in the contract's words.
        var again = try Verdict(parsing: verdict.json, from: "expert")
        // Sums of tenths are written with six decimals.
        #expect(abs(again.cost.seconds - verdict.cost.seconds) < 1e-6)
        again.cost.seconds = verdict.cost.seconds
        #expect(again.alternatives.count == verdict.alternatives.count)
        again.alternatives = verdict.alternatives
        #expect(again == verdict)
        #expect(verdict.confidence + verdict.alternatives.reduce(0) { $0 + $1.probability } <= 1)
    }

    @Test func whatWasNotGrantedIsNotTried() throws {
        var grants = Grants()
        grants.tier = 1
        grants.without = [.secondAddress, .otherDestinations]
        grants.allow = []
        let (verdict, asked) = try Self.diagnose(
            [ProbeRule(from: ["source"], to: Self.suspect, port: 8703, sees: .refused)],
            grants
        )
        #expect(Set(asked.map(\.vantage)) == ["source", "neighbour", "elsewhere"])
        #expect(Set(asked.map(\.host.description)) == ["203.0.113.11"])
        // Three times at first, and not again without a silence.
        #expect(verdict.cost.suspectConnects == 3 && verdict.tier == 1)
    }

    @Test func telnetsConcludeAsTheExpertsFirstDid() throws {
        let site = try LabSite.site()
        let script = ProbeScript([ProbeRule(from: ["source"], to: Self.suspect, port: 8703, sees: .refused)])
        let verdict = try TelnetSequence(site, Grants()) { ask throws(FerryError) in script.answer(ask) }.diagnose()
        #expect(verdict.causes == ["egress-saturation"] && verdict.remedy == "reduce-rate")
        #expect(verdict.cost.suspectConnects == 10 && script.asked.count == 40)
        #expect(TelnetSequence.conclude(suspect: 0, control: 0, elsewhere: 0, changed: 0).cause == "none")
        #expect(TelnetSequence.conclude(suspect: 10, control: 0, elsewhere: 10, changed: 0).locus == "service")
        #expect(TelnetSequence.conclude(suspect: 10, control: 10, elsewhere: 0, changed: 9).locus == "carrier")
    }
}
