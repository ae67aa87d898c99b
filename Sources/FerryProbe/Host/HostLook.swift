internal import FerryCore
internal import FerryEvidence
struct HostLook {
    let plan: HostPlan
    init(_ plan: HostPlan) { self.plan = plan }
    func record() -> HostRecord { HostRecord(plan, startedAt: "\(UTCTime.now())") }
}
