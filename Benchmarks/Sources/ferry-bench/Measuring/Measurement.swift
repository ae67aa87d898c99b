/// What something cost, seen from outside.
struct Measurement: Codable {
    struct Side: Codable {
        var processorTime: ProcessorTime
        var memory: MemoryPeak
        /// By the control group, file caches included; nil where the kernel does not count it.
        var groupPeakBytes: Int?
    }

    var wallSeconds: Double
    var source: Side
    var staging: Side
    var link: LinkCounters
    /// Processor time of everything else on the machine meanwhile.
    var othersSeconds: Double
    var stolenSeconds: Double

    var processorSeconds: Double { source.processorTime.seconds + staging.processorTime.seconds }
    /// How many processors were busy with something else, on average.
    var othersProcessors: Double { wallSeconds > 0 ? othersSeconds / wallSeconds : 0 }
}
