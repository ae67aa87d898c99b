import FerryCore
import Testing

@testable import FerryLab

@Suite struct DecisionTreeTests {
    private static let customer = ["source", "neighbour", "edge"]
    private static let outside = customer + ["elsewhere"]
    private static let suspect = ["203.0.113.11"]
    private static let region = ["203.0.113.11", "203.0.113.12"]
    private static let slow = 3000

    private static func suspectSees(
        _ outcome: PlainOutcome,
        from places: [String] = ["source"],
        to hosts: [String] = suspect
    ) -> ProbeRule {
        ProbeRule(from: places, to: hosts, port: 8703, sees: outcome, milliseconds: outcome == .synTimeout ? slow : 30)
    }

    static let scripts: [(cause: String, locus: String?, rules: [ProbeRule])] = [
        ("none", nil, []),
        ("source-ports-exhausted", "source-host", [suspectSees(.notSent)]),
        ("service-refuses", "service", [suspectSees(.appError, from: [])]),
        // A policy does not care which of the cloud's hosts it is; a limit of one host does.
        ("anti-abuse-block", "cloud-edge", [suspectSees(.refused, to: region)]),
        ("anti-abuse-block", "cloud-edge", [suspectSees(.connectClosed, to: region)]),
        ("anti-abuse-block", "cloud-edge", [suspectSees(.synTimeout, to: region)]),
        ("anti-abuse-block", "cloud-edge", [suspectSees(.synTimeout)]),
        ("concurrency-limit", "service", [suspectSees(.refused)]),
        // What somebody calls elsewhere leaves by the address that is blocked.
        ("anti-abuse-block", "cloud-edge", [suspectSees(.refused, from: ["source", "elsewhere"], to: region)]),
        (
            "anti-abuse-block", "cloud-edge",
            [ProbeRule(from: ["source"], to: suspect, port: 8703, times: 0..<1, sees: .refused)]
        ),
        (
            "snat-port-exhaustion", "source-egress",
            [ProbeRule(from: ["source"], to: suspect, port: 8703, times: 0..<2, sees: .synTimeout, milliseconds: slow)]
        ),
        (
            "syn-rate-limit", "cloud-edge",
            [
                ProbeRule(
                    from: ["source"],
                    to: suspect,
                    port: 8703,
                    times: 0..<2,
                    sees: .synTimeout,
                    milliseconds: slow
                ),
                ProbeRule(
                    from: ["source"],
                    to: suspect,
                    port: 8703,
                    times: 3..<5,
                    sees: .synTimeout,
                    milliseconds: slow
                ),
            ]
        ),
        // Two of a balancer's connections in a row went to the server that is not there.
        (
            "load-balancer", "cloud-network",
            [
                ProbeRule(from: ["source"], to: suspect, port: 8703, times: 0..<2, sees: .synTimeout),
                ProbeRule(from: ["source"], to: suspect, port: 8703, times: 3..<4, sees: .synTimeout),
                ProbeRule(from: ["elsewhere"], to: suspect, port: 8703, times: 2..<3, sees: .synTimeout),
            ]
        ),
        ("source-address-block", "cloud-edge", [ProbeRule(from: ["source"], to: region, sees: .synTimeout)]),
        (
            "source-address-block", "cloud-edge",
            [
                ProbeRule(from: ["source"], to: suspect, port: 8703, sees: .synTimeout),
                ProbeRule(from: ["source"], to: suspect, port: 8702, sees: .synTimeout),
            ]
        ),
        ("host-ban", "service", [ProbeRule(from: ["source"], to: suspect, sees: .icmp)]),
        ("source-firewall", "source-host", [ProbeRule(from: ["source"], port: 8703, sees: .synTimeout)]),
        ("source-firewall", "source-host", [ProbeRule(from: ["source"], sees: .synTimeout)]),
        (
            "firewall-drop", "source-firewall",
            [ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .synTimeout)]
        ),
        (
            "firewall-reject", "source-firewall",
            [ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .icmp, milliseconds: 1)]
        ),
        ("carrier-port-block", "carrier", [ProbeRule(from: customer, port: 8703, sees: .synTimeout)]),
        ("carrier-black-hole", "carrier", [ProbeRule(from: customer, sees: .synTimeout)]),
        ("asymmetric-path", "source-firewall", [ProbeRule(from: ["source", "neighbour"], sees: .synTimeout)]),
        ("security-group", "cloud-network", [suspectSees(.synTimeout, from: outside)]),
        ("service-not-listening", "service", [suspectSees(.refused, from: [])]),
        ("accept-queue-overflow", "service", [suspectSees(.synTimeout, from: [])]),
        ("service-refuses", "service", [suspectSees(.connectClosed, from: [])]),
        ("forged-close", "cloud-edge", [suspectSees(.connectClosed, from: outside)]),
        (
            "syn-proxy-dead-backend", "source-egress",
            [
                ProbeRule(from: ["source", "neighbour"], port: 8703, sees: .connectSilence, milliseconds: 1),
                suspectSees(.synTimeout, from: []),
            ]
        ),
        (
            "syn-proxy-dead-backend", "cloud-edge",
            [suspectSees(.connectReset, from: outside), suspectSees(.refused, from: [])]
        ),
        ("stale-staging-address", "service", [ProbeRule(to: suspect, sees: .refused)]),
        (
            "return-route-missing", "service",
            [ProbeRule(from: outside, to: suspect, sees: .synTimeout), ProbeRule(from: ["staging"], sees: .icmp)]
        ),
        (
            "destination-black-hole", "cloud-edge",
            [ProbeRule(from: outside, to: suspect, sees: .synTimeout), ProbeRule(from: ["staging"], sees: .synTimeout)]
        ),
        ("transparent-proxy", "carrier", [ProbeRule(from: customer, port: 8703, sees: .ok, milliseconds: 2)]),
        ("window-scale-stripped", "carrier", [ProbeRule(from: customer, sees: .ok, shows: [.noWindowScale])]),
        ("sack-stripped", "carrier", [ProbeRule(from: customer, sees: .ok, shows: [.noSack])]),
        ("ecn-syn-drop", "carrier", [ProbeRule(from: ["source"], sees: .lateConnect, milliseconds: 1030)]),
        ("egress-saturation", "source-egress", [ProbeRule(from: customer, sees: .lateConnect, milliseconds: 1200)]),
        ("mtu-black-hole", "carrier", [ProbeRule(from: ["source"], bytes: 2000, paced: false, sees: .midStall)]),
        ("payload-drop", "carrier", [ProbeRule(from: customer, bytes: 1, content: .own, sees: .midStall)]),
        ("payload-reset", "carrier", [ProbeRule(from: customer, bytes: 1, content: .own, sees: .midReset)]),
        (
            "lan-injector", "source-lan",
            [ProbeRule(from: ["source", "neighbour"], bytes: 1, content: .own, sees: .midReset)]
        ),
        ("byte-quota", "cloud-edge", [ProbeRule(from: outside, port: 8703, bytes: 200_000, sees: .midReset)]),
        ("egress-address-flap", "source-egress", [ProbeRule(from: ["source"], bytes: 1, sees: .midStall)]),
        ("receiver-stalled", "service", [ProbeRule(to: suspect, bytes: 1_000_000, sees: .midStallAtReceiver)]),
        ("reordering", "carrier", [ProbeRule(from: customer, bytes: 1, sees: .ok, shows: [.reordering])]),
        ("random-loss", "carrier", [ProbeRule(from: customer, bytes: 1, sees: .slowLossy, seconds: 4)]),
        (
            "policer", "carrier",
            [ProbeRule(from: customer, bytes: 1_000_000, paced: false, sees: .slowLossy, seconds: 4)]
        ),
        (
            "policer", "carrier",
            [ProbeRule(from: customer, port: 8703, bytes: 1_000_000, paced: false, sees: .slowLossy, seconds: 4)]
        ),
        ("shaper", "carrier", [ProbeRule(from: customer, bytes: 1_000_000, paced: false, sees: .ok, seconds: 9)]),
        ("lan-loss", "source-lan", [ProbeRule(from: ["source", "neighbour"], bytes: 1, sees: .slowLossy)]),
        (
            "scrubbing-cap", "cloud-edge",
            [ProbeRule(from: outside, to: suspect, bytes: 1_000_000, paced: false, sees: .slowLossy, seconds: 15)]
        ),
        ("idle-timeout", "source-firewall", [ProbeRule(from: ["source", "neighbour"], isIdle: true, sees: .midStall)]),
        ("load-balancer", "cloud-network", [ProbeRule(to: suspect, port: 8703, isIdle: true, sees: .midStall)]),
        ("application-timeout", "service", [ProbeRule(to: suspect, isIdle: true, sees: .midClosed)]),
        (
            "lifetime-kill", "cloud-edge",
            [
                ProbeRule(isIdle: true, sees: .midReset),
                ProbeRule(bytes: 1_000_000, paced: true, sees: .midReset),
            ]
        ),
        (
            "bad-ecmp-member", "carrier",
            [
                ProbeRule(from: customer, port: 8703, times: 7..<8, sees: .synTimeout, milliseconds: slow),
                ProbeRule(from: customer, port: 8080, times: 4..<6, sees: .synTimeout, milliseconds: slow),
            ]
        ),
        (
            "load-balancer", "cloud-network",
            [
                ProbeRule(
                    from: ["source"],
                    to: suspect,
                    port: 8703,
                    times: 4..<5,
                    sees: .synTimeout,
                    milliseconds: slow
                ),
                ProbeRule(from: ["elsewhere"], to: suspect, port: 8703, times: 1..<3, sees: .synTimeout),
            ]
        ),
    ]

    private static func diagnose(_ rules: [ProbeRule], _ grants: Grants = Grants()) throws -> (Verdict, ProbeScript) {
        let script = ProbeScript(rules)
        let tree = DecisionTree(try LabSite.site().granted(grants), grants, wait: { script.waited += $0 }) {
            ask throws(FerryError) in script.answer(ask)
        }
        return (try tree.diagnose(), script)
    }

    @Test(arguments: scripts) func leafIsReached(cause: String, locus: String?, rules: [ProbeRule]) throws {
        let (verdict, _) = try Self.diagnose(rules)
        #expect(verdict.causes == [cause])
        #expect(verdict.loci == (locus.map { [$0] } ?? []))
        #expect((verdict.remedy == "none") == (cause == "none") && verdict.level == .likely)
        #expect(verdict.remedy != "collect-more-evidence")
        #expect(verdict.confidence + verdict.alternatives.reduce(0) { $0 + $1.probability } <= 1)
        // What it says has to be in the contract's words.
        let again = try Verdict(parsing: verdict.json, from: "the chart")
        #expect(again.causes == verdict.causes && again.memory == verdict.memory && again.remedy == verdict.remedy)
    }

    @Test func blockIsFoundWithTwoConnectionsToTheSuspect() throws {
        let (verdict, script) = try Self.diagnose([Self.suspectSees(.refused, to: Self.region)])
        #expect(verdict.selector == ["source-address", "destination-port"] && verdict.cost.suspectConnects == 2)
        #expect(script.waited == .zero)
    }

    @Test func questionIsAskedOnce() throws {
        let (_, script) = try Self.diagnose([Self.suspectSees(.refused, to: Self.region)])
        var asked: [PlainAsk: Int] = [:]
        for ask in script.asked { asked[ask, default: 0] += 1 }
        // "Is it so once more?" is the only question that looks like another.
        #expect(asked.values.filter { $0 > 1 } == [2])
    }

    @Test func whereTwoLeavesLookAlikeItNamesBothAndWhatWouldTell() throws {
        var grants = Grants()
        grants.tier = 0
        grants.without = [.secondAddress, .edge]
        let (verdict, script) = try Self.diagnose([Self.suspectSees(.synTimeout, to: Self.region)], grants)
        #expect(verdict.level == .indistinguishable)
        #expect(verdict.set == ["anti-abuse-block", "security-group", "snat-port-exhaustion"])
        #expect(verdict.indistinguishable.first?.separatedBy.contains("another source address") ?? false)
        #expect(!script.asked.contains { ["in-region", "staging", "edge"].contains($0.vantage) })
        let again = try Verdict(parsing: verdict.json, from: "the chart")
        #expect(again.level == .indistinguishable && again.set == verdict.set)
    }

    @Test func silenceAndOtherAddressesNeedTheirPermission() throws {
        var grants = Grants()
        grants.allow = []
        let (verdict, script) = try Self.diagnose([Self.suspectSees(.synTimeout, to: Self.region)], grants)
        #expect(script.waited == .zero && verdict.level == .indistinguishable)
    }
}
