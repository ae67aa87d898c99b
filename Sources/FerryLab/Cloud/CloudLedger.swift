internal import FerryCore
internal import Synchronization

/// What the cloud of a lab knows of its own acts: blocks, scrubbing, black holes, the allowlist, and the instances that its
/// customer makes and releases. Its security policy asks it about every packet; its console shows it.
///
/// Times are nanoseconds of the kernel's monotonic clock, which the lines also tell.
public final class CloudLedger: Sendable {
    /// Something that the cloud does to packets, and since when.
    struct Act: Sendable, Equatable {
        enum Kind: String, Sendable, CaseIterable {
            case block
            case scrubbing
            case blackHole = "black-hole"
        }

        var kind: Kind
        var source: IPv4Address?
        var destination: IPv4Address?
        var port: UInt16?
        var action = ""
        var policy = ""
        var threshold: BitRate?
        var since: UInt64
        /// When it ends by itself; nil if it does not.
        var until: UInt64?

        func isActive(at now: UInt64) -> Bool { until.map { $0 > now } ?? true }
    }

    /// An address that is let pass, and from when on.
    struct Allowance: Sendable, Equatable {
        var source: IPv4Address
        var effective: UInt64
    }

    private struct State {
        var acts: [Act] = []
        var allowlist: [Allowance] = []
        var churn: [(at: UInt64, count: Int)] = []
        var instances = (created: 0, released: 0)
        var allowanceDelay = Duration.zero
        var isComplete = true
    }

    private let state = Mutex(State())
    /// The records are those of the last acts.
    private static let most = 10_000

    /// A ledger in which nothing is.
    public init() {}

    // MARK: What the policy asks

    /// The block that holds for packets from `source` to `destination` and `port`.
    func block(_ source: IPv4Address, _ destination: IPv4Address, _ port: UInt16, at now: UInt64) -> Act? {
        state.withLock { state in
            state.acts.last { act in
                act.kind == .block && act.isActive(at: now) && (act.source ?? source) == source
                    && (act.destination ?? destination) == destination && (act.port ?? port) == port
            }
        }
    }

    /// Whether `source` has been blocked since `time`.
    func hasOffended(_ source: IPv4Address, since time: UInt64) -> Bool {
        state.withLock { $0.acts.contains { $0.kind == .block && $0.source == source && ($0.until ?? .max) >= time } }
    }

    func isAllowed(_ source: IPv4Address, at now: UInt64) -> Bool {
        state.withLock { $0.allowlist.contains { $0.source == source && $0.effective <= now } }
    }

    func add(_ act: Act) {
        state.withLock { state in
            state.acts.append(act)
            if state.acts.count > CloudLedger.most { state.acts.removeFirst(CloudLedger.most / 10) }
        }
    }

    /// Lets an act that holds last until `until`.
    func prolong(_ act: Act, until: UInt64) {
        state.withLock { state in
            guard let index = state.acts.lastIndex(where: { $0.isSame(as: act) }) else { return }
            state.acts[index].until = until
        }
    }

    /// Notes that `destination` is scrubbed for `duration` from now.
    func noteScrubbing(_ destination: IPv4Address, lasting duration: Duration, threshold: BitRate) {
        let now = MonotonicClock.now()
        let until = now + duration.nanoseconds
        state.withLock { state in
            let known = state.acts.lastIndex {
                $0.kind == .scrubbing && $0.destination == destination && $0.isActive(at: now)
            }
            if let known {
                state.acts[known].until = until
            } else {
                state.acts.append(
                    Act(
                        kind: .scrubbing,
                        destination: destination,
                        policy: ScrubbingCap.policy,
                        threshold: threshold,
                        since: now,
                        until: until
                    )
                )
            }
        }
    }

    /// The blocks that hold.
    func blocks(at now: UInt64) -> [Act] {
        state.withLock { $0.acts.filter { $0.kind == .block && $0.isActive(at: now) } }
    }

    /// Instances made and released since `time`.
    func churn(since time: UInt64) -> Int {
        state.withLock { $0.churn.reduce(0) { $0 + ($1.at >= time ? $1.count : 0) } }
    }

    // MARK: What the console does

    /// Lets packets from `source` pass, once the cloud's delay is over. Blocks of it end then.
    func allow(_ source: IPv4Address, at now: UInt64) -> Allowance {
        state.withLock { state in
            if let known = state.allowlist.first(where: { $0.source == source }) { return known }
            let allowance = Allowance(source: source, effective: now + state.allowanceDelay.nanoseconds)
            state.allowlist.append(allowance)
            for index in state.acts.indices where state.acts[index].source == source {
                if state.acts[index].isActive(at: allowance.effective) {
                    state.acts[index].until = allowance.effective
                }
            }
            return allowance
        }
    }

    func noteInstances(created: Int, released: Int, at now: UInt64) {
        state.withLock { state in
            state.instances.created += created
            state.instances.released += released
            state.churn.append((now, created + released))
            if state.churn.count > CloudLedger.most { state.churn.removeFirst(CloudLedger.most / 10) }
        }
    }

    /// Ends what is known of `policy`, as of `now`, and forgets the allowlist: nothing of a mended fault is left.
    func end(policy: String, at now: UInt64) {
        state.withLock { state in
            for index in state.acts.indices
            where state.acts[index].policy == policy && state.acts[index].isActive(at: now) {
                state.acts[index].until = now
            }
            state.allowlist = []
        }
    }

    /// How long it takes until an allowance takes effect, and whether the records hold all that the cloud does.
    func set(allowanceDelay: Duration, isComplete: Bool) {
        state.withLock { state in
            state.allowanceDelay = allowanceDelay
            state.isComplete = isComplete
        }
    }

    /// When each block that was ever made ends, by what it matches.
    var blockEnds: [BlockKey: UInt64] {
        state.withLock { state in
            state.acts.reduce(into: [:]) { ends, act in
                guard act.kind == .block else { return }
                ends[act.key] = max(ends[act.key] ?? 0, act.until ?? .max)
            }
        }
    }

    /// What a block matches.
    struct BlockKey: Hashable, Sendable {
        var source: IPv4Address?
        var destination: IPv4Address?
        var port: UInt16?
    }

    /// Seconds for which something is or was blocked since `start` that would not have been, had nothing happened since: of
    /// each key, and added up. A block without an end counts an hour from now.
    /// - Parameter before: when each block of then would have ended.
    func harm(since before: [BlockKey: UInt64], start: UInt64) -> Double {
        let endless = MonotonicClock.now() + 3_600_000_000_000
        let blocks = state.withLock { $0.acts.filter { $0.kind == .block } }
        return Dictionary(grouping: blocks, by: \.key).reduce(0) { sum, entry in
            let (key, acts) = entry
            // Blocks of a key follow each other: what is counted is after the end of those before it.
            var counted = max(start, before[key] ?? 0)
            return acts.sorted { $0.since < $1.since }.reduce(sum) { sum, act in
                let (begin, end) = (max(act.since, counted), act.until ?? endless)
                guard end > begin else { return sum }
                counted = end
                return sum + Double(end - begin) / 1e9
            }
        }
    }

    var instances: (created: Int, released: Int) { state.withLock { $0.instances } }

    /// The records as the site file's `providerRecords` gives them.
    public var records: String {
        let now = MonotonicClock.now()
        let wall = UTCTime.now()
        func time(_ moment: UInt64) -> String {
            UTCTime(microseconds: wall.microseconds + (Int64(moment) - Int64(now)) / 1000).description
        }
        let (acts, allowlist, isComplete) = state.withLock { ($0.acts, $0.allowlist, $0.isComplete) }
        return JSONText.object { json in
            json.member("asOf", wall.description)
            json.member("complete", isComplete)
            json.member(
                "blocks",
                array: { list in
                    for act in acts where act.kind == .block { list.object { act.write(&$0, time) } }
                }
            )
            json.member(
                "scrubbing",
                array: { list in
                    for act in acts where act.kind == .scrubbing { list.object { act.write(&$0, time) } }
                }
            )
            json.member(
                "blackHoles",
                array: { list in
                    for act in acts where act.kind == .blackHole { list.object { act.write(&$0, time) } }
                }
            )
            json.member(
                "allowlist",
                array: { list in
                    for one in allowlist {
                        list.object {
                            $0.member("source", "\(one.source)")
                            $0.member("effective", time(one.effective))
                        }
                    }
                }
            )
        }
    }
}

extension CloudLedger.Act {
    fileprivate var key: CloudLedger.BlockKey { .init(source: source, destination: destination, port: port) }

    fileprivate func isSame(as other: Self) -> Bool {
        kind == other.kind && source == other.source && destination == other.destination && port == other.port
            && since == other.since
    }

    fileprivate func write(_ json: inout JSONText, _ time: (UInt64) -> String) {
        if kind == .block { json.textOrNull("source", source.map { "\($0)" }) }
        json.textOrNull("destination", destination.map { "\($0)" })
        if kind == .block {
            if let port { json.member("port", port) } else { json.null("port") }
            json.member("action", action)
            json.member("policy", policy)
        }
        json.member("since", time(since))
        json.textOrNull("until", until.map(time))
        if let threshold { json.member("threshold", "\(threshold)") }
    }
}

extension JSONText {
    fileprivate mutating func textOrNull(_ name: String, _ text: String?) {
        if let text { member(name, text) } else { null(name) }
    }

    /// What is not finite is written as nothing.
    fileprivate mutating func null(_ name: String) { member(name, Double.nan) }
}
