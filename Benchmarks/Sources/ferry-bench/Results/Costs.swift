/// What several runs of the same thing cost.
struct Costs {
    var count: Int
    var wall: Statistic
    var sourceTime: Statistic
    var stagingTime: Statistic
    var bothTime: Statistic
    var out: Statistic
    var back: Statistic
    var bothBytes: Statistic
    var sourceMemory: Statistic
    var stagingMemory: Statistic
    var others: Statistic

    /// Of the runs that gave a result; nil if none did.
    init?(_ runs: [BenchmarkRun]) {
        let all = runs.filter { $0.failure == nil }.compactMap(\.measurement)
        guard !all.isEmpty else { return nil }
        func statistic(_ value: (Measurement) -> Double) -> Statistic { Statistic(all.map(value)) }
        count = all.count
        wall = statistic(\.wallSeconds)
        sourceTime = statistic(\.source.processorTime.seconds)
        stagingTime = statistic(\.staging.processorTime.seconds)
        bothTime = statistic(\.processorSeconds)
        out = statistic { Double($0.link.outBytes) }
        back = statistic { Double($0.link.backBytes) }
        bothBytes = statistic { Double($0.link.outBytes + $0.link.backBytes) }
        sourceMemory = statistic { Double($0.source.memory.residentBytes) }
        stagingMemory = statistic { Double($0.staging.memory.residentBytes) }
        others = statistic(\.othersProcessors)
    }
}
