import FerryCore

@testable import FerryLab

/// What a connection meets in a test: the first of these that fits, else it is well.
struct ProbeRule: Sendable {
    var from: [String] = []
    var to: [String] = []
    var port: UInt16?
    /// Only with so many bytes at least.
    var bytes = 0
    var content: PlainContent?
    var paced: Bool?
    /// Only with content after a silence.
    var isIdle = false
    /// Only so many times, after so many.
    var times = 0..<Int.max
    var sees: PlainOutcome
    var milliseconds = 30
    /// How long all of it takes; twice the handshake if not given.
    var seconds: Int?
    var shows: Set<PlainEvidence> = []
}

/// Answers by rules, and remembers what was asked.
final class ProbeScript {
    private let rules: [ProbeRule]
    private var met: [Int: Int] = [:]
    private(set) var asked: [PlainAsk] = []
    var waited = Duration.zero

    init(_ rules: [ProbeRule]) { self.rules = rules }

    func answer(_ ask: PlainAsk) -> PlainProbe.Result {
        asked.append(ask)
        var answer = PlainProbe.Result(outcome: .ok, connectTime: .milliseconds(30), time: .milliseconds(60))
        for (number, rule) in rules.enumerated() where ProbeScript.fits(rule, ask) {
            met[number, default: 0] += 1
            guard rule.times.contains((met[number] ?? 1) - 1), answer.outcome == .ok, answer.evidence.isEmpty else {
                continue
            }
            answer.outcome = rule.sees
            answer.connectTime = .milliseconds(rule.milliseconds)
            answer.time = rule.seconds.map { .seconds($0) } ?? .milliseconds(rule.milliseconds * 2)
            answer.evidence = rule.shows
        }
        return answer
    }

    private static func fits(_ rule: ProbeRule, _ ask: PlainAsk) -> Bool {
        (rule.from.isEmpty || rule.from.contains(ask.vantage))
            && (rule.to.isEmpty || rule.to.contains(ask.host.description))
            && (rule.port == nil || rule.port == ask.port) && ask.bytes >= rule.bytes
            && (rule.content == nil || rule.content == ask.content) && (rule.paced == nil || rule.paced == ask.isPaced)
            && (!rule.isIdle || ask.idle > .zero)
    }
}
