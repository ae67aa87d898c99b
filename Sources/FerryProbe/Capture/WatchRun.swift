internal import FerryCore
internal import FerryEvidence
struct WatchRun {
    let plan: WatchPlan
    init(_ plan: WatchPlan, stop: ProbeStop) { self.plan = plan }
    func recordBlocking(_ began: () -> Void) -> WatchRecord {
        var record = WatchRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = "not there yet"
        return record
    }
}
