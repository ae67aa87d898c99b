public import FerryEvidence

/// The connections of a diagnosis by key: what limits and blocks along the way may have counted by then.
public final class KeyLog {
    private struct Key: Hashable {
        var vantage: String
        var sourceAddress: String?
        var host: String
        var port: UInt16

        init(_ plan: ProbePlan) {
            vantage = plan.vantage
            sourceAddress = plan.sourceAddress
            host = plan.host
            port = plan.port
        }

        init(_ plan: LadderPlan) {
            vantage = plan.vantage
            sourceAddress = plan.sourceAddress
            host = plan.host
            port = plan.port
        }
    }

    private struct Made {
        var at: Double
        var connects: Int
        var bytes: Int
    }

    private var made: [Key: [Made]] = [:]

    /// A log with nothing in it.
    public init() {}

    /// Notes a connection.
    /// - Parameter at: when it was begun, in seconds since the diagnosis began; negative for earlier ones.
    public func note(_ plan: ProbePlan, bytesSent: Int, at: Double) {
        // Records are a stranger's: no number of theirs may overflow what is counted with it.
        let connects = (plan.concurrency ?? 1).clamped(to: 1...1000)
        made[Key(plan), default: []].append(Made(at: at, connects: connects, bytes: bytesSent.clamped(to: 0...1 << 40)))
    }

    /// Notes a connection that was made; one that never was has been seen by nobody.
    /// - Parameter at: as of a plan.
    public func note(_ record: ProbeRecord, at: Double) {
        if !record.wasNeverMade { note(record.plan, bytesSent: record.bytesSent, at: at) }
    }

    /// Notes the requests of a ladder: whatever is on the way has seen some of them.
    /// - Parameter at: as of a connection.
    public func note(_ ladder: LadderRecord, at: Double) {
        guard ladder.vantageProblem == nil else { return }
        let connects = max(0, min(1000, ladder.requests))
        made[Key(ladder.plan), default: []].append(Made(at: at, connects: connects, bytes: 0))
    }

    /// What the key of `plan` had seen by `now`, in seconds since the diagnosis began.
    public func history(of plan: ProbePlan, now: Double) -> KeyHistory {
        let before = made[Key(plan)] ?? []
        let counts = [1, 10, 60].map { minutes in
            var count = KeyHistory.Count(minutes: minutes)
            for one in before where one.at > now - Double(minutes) * 60 {
                count.connects += one.connects
                count.bytes += one.bytes
            }
            return count
        }
        return KeyHistory(secondsSinceLast: before.map(\.at).max().map { max(0, now - $0) }, counts: counts)
    }
}
