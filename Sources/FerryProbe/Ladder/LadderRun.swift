internal import FerryCore
internal import FerryEvidence
internal import FerryResolver
struct LadderRun {
    let plan: LadderPlan
    init(_ plan: LadderPlan, resolver: Resolver, stop: ProbeStop) { self.plan = plan }
    func recordBlocking() -> LadderRecord { LadderRecord(plan, startedAt: "\(UTCTime.now())") }
}
