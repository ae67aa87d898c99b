import FerryCore
import Testing

@testable import FerryLab

@Suite struct ExpertTreeTests {
    /// What a connection meets: the first of these that fits, else it is well.
    struct Rule: Sendable {
        var from: [String] = []
        var to: [String] = []
        var port: UInt16?
        /// Only with so many bytes at least.
        var bytes = 0
        var content: PlainContent?
        var paced: Bool?
        /// Only so many times, after so many.
        var times = 0..<Int.max
        var sees: PlainOutcome
        var milliseconds = 30
    }

    private static let customer = ["source", "neighbour", "edge"]
    private static let suspect = ["203.0.113.11"]

    static let scripts: [(cause: String, locus: String?, rules: [Rule])] = [
        ("none", nil, []),
        (
            "anti-abuse-block", "cloud-edge",
            [Rule(from: ["source"], to: suspect, port: 8703, sees: .refused)]
        ),
        (
            "anti-abuse-block", "cloud-edge",
            [Rule(from: ["source"], to: suspect, port: 8703, sees: .connectClosed)]
        ),
        (
            "anti-abuse-block", "cloud-edge",
            [Rule(from: ["source"], to: suspect, port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        (
            "firewall-reject", "source-firewall",
            [Rule(from: ["source", "neighbour"], port: 8703, sees: .icmp, milliseconds: 1)]
        ),
        ("source-firewall", "source-host", [Rule(from: ["source"], port: 8703, sees: .synTimeout, milliseconds: 3000)]),
        (
            "firewall-drop", "source-firewall",
            [Rule(from: ["source", "neighbour"], port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("carrier-port-block", "carrier", [Rule(from: customer, port: 8703, sees: .synTimeout, milliseconds: 3000)]),
        ("carrier-black-hole", "carrier", [Rule(from: customer, sees: .synTimeout, milliseconds: 3000)]),
        (
            "security-group", "cloud-network",
            [Rule(from: customer + ["elsewhere"], to: suspect, port: 8703, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("service-not-listening", "service", [Rule(to: suspect, port: 8703, sees: .refused)]),
        ("service-refuses", "service", [Rule(to: suspect, port: 8703, sees: .connectClosed)]),
        (
            "return-route-missing", "service",
            [
                Rule(from: customer + ["elsewhere"], to: suspect, sees: .synTimeout, milliseconds: 3000),
                Rule(from: ["staging"], sees: .icmp, milliseconds: 0),
            ]
        ),
        (
            "destination-black-hole", "cloud-edge",
            [Rule(from: customer + ["elsewhere"], to: suspect, sees: .synTimeout, milliseconds: 3000)]
        ),
        ("host-ban", "service", [Rule(from: ["source"], to: suspect, sees: .refused)]),
        (
            "source-address-block", "cloud-edge",
            [
                Rule(
                    from: ["source"],
                    to: suspect + ["203.0.113.12"],
                    sees: .synTimeout,
                    milliseconds: 3000
                )
            ]
        ),
        (
            "syn-proxy-dead-backend", "source-egress",
            [Rule(from: ["source", "neighbour"], port: 8703, sees: .connectSilence, milliseconds: 1)]
        ),
        (
            "syn-rate-limit", "cloud-edge",
            [
                Rule(from: ["source"], to: suspect, port: 8703, times: 0..<3, sees: .synTimeout, milliseconds: 3000),
                Rule(from: ["source"], to: suspect, port: 8703, times: 5..<6, sees: .synTimeout, milliseconds: 3000),
            ]
        ),
        ("mtu-black-hole", "carrier", [Rule(from: ["source"], bytes: 2000, paced: false, sees: .midStall)]),
        (
            "payload-drop", "carrier",
            [Rule(from: ["source"], bytes: 1, content: .own, sees: .midStall)]
        ),
        (
            "payload-reset", "carrier",
            [Rule(from: ["source"], bytes: 1, content: .own, sees: .midReset)]
        ),
        ("byte-quota", "cloud-edge", [Rule(from: ["source"], port: 8703, bytes: 200_000, sees: .midReset)]),
    ]

    private static func diagnose(
        _ rules: [Rule],
        _ grants: Grants = Grants()
    ) throws -> (Verdict, [PlainAsk]) {
        let script = Script(rules)
        let expert = ExpertTree(try LabSite.site().granted(grants), grants, wait: { script.waited += $0 }) {
            ask throws(FerryError) in script.answer(ask)
        }
        let verdict = try expert.diagnose()
        return (verdict, script.asked)
    }

    @Test(arguments: scripts) func causeIsFound(cause: String, locus: String?, rules: [Rule]) throws {
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
            [Rule(from: ["source"], to: Self.suspect, port: 8703, sees: .refused)],
            grants
        )
        #expect(Set(asked.map(\.vantage)) == ["source", "neighbour", "elsewhere"])
        #expect(Set(asked.map(\.host.description)) == ["203.0.113.11"])
        // Three times at first, and not again without a silence.
        #expect(verdict.cost.suspectConnects == 3 && verdict.tier == 1)
    }

    @Test func telnetsConcludeAsTheExpertsFirstDid() throws {
        let site = try LabSite.site()
        let script = Script([Rule(from: ["source"], to: Self.suspect, port: 8703, sees: .refused)])
        let verdict = try TelnetSequence(site, Grants()) { ask throws(FerryError) in script.answer(ask) }.diagnose()
        #expect(verdict.causes == ["egress-saturation"] && verdict.remedy == "reduce-rate")
        #expect(verdict.cost.suspectConnects == 10 && script.asked.count == 40)
        #expect(TelnetSequence.conclude(suspect: 0, control: 0, elsewhere: 0, changed: 0).cause == "none")
        #expect(TelnetSequence.conclude(suspect: 10, control: 0, elsewhere: 10, changed: 0).locus == "service")
        #expect(TelnetSequence.conclude(suspect: 10, control: 10, elsewhere: 0, changed: 9).locus == "carrier")
    }

    /// Answers by rules, and remembers what was asked.
    private final class Script {
        private let rules: [Rule]
        private var met: [Int: Int] = [:]
        private(set) var asked: [PlainAsk] = []
        var waited = Duration.zero

        init(_ rules: [Rule]) { self.rules = rules }

        func answer(_ ask: PlainAsk) -> PlainProbe.Result {
            asked.append(ask)
            var outcome = PlainOutcome.ok
            var time = 30
            for (number, rule) in rules.enumerated() {
                guard rule.from.isEmpty || rule.from.contains(ask.vantage),
                    rule.to.isEmpty || rule.to.contains(ask.host.description),
                    rule.port == nil || rule.port == ask.port,
                    ask.bytes >= rule.bytes, rule.content == nil || rule.content == ask.content,
                    rule.paced == nil || rule.paced == ask.isPaced
                else { continue }
                met[number, default: 0] += 1
                guard rule.times.contains((met[number] ?? 1) - 1), outcome == .ok else { continue }
                (outcome, time) = (rule.sees, rule.milliseconds)
            }
            return PlainProbe.Result(
                outcome: outcome,
                connectTime: .milliseconds(time),
                time: .milliseconds(time * 2)
            )
        }
    }
}
