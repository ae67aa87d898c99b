import Foundation

/// What one run gave.
struct BenchmarkRun: Codable {
    var benchmark: BenchmarkCase
    var mover: String
    /// Which of several things a case does.
    var variant: String?
    var round: Int
    var began: Date
    /// Whether the machine was quiet when the measurement began; nil if nobody waited for that.
    var beganQuiet: Bool?
    var measurement: Measurement?
    var comparison: ImageComparison?
    /// What else is known; every name ends with its unit.
    var figures: [String: Double] = [:]
    /// What was set up differently from the other cases.
    var remark: String?
    /// What Ferry or a peer promised and did not keep.
    var faults: [String] = []
    /// Why there is no result.
    var failure: String?

    init(_ benchmark: BenchmarkCase, mover: String, variant: String? = nil, round: Int) {
        self.benchmark = benchmark
        self.mover = mover
        self.variant = variant
        self.round = round
        began = Date()
    }

    /// What its line in a table is called.
    var label: String { variant ?? mover }

    /// One line while the benchmark goes on.
    var line: String {
        var parts = ["round \(round)", benchmark.rawValue, label]
        if let failure { return (parts + ["FAILED: \(failure)"]).joined(separator: "  ") }
        if let measurement {
            parts.append(Text.seconds(measurement.wallSeconds))
            parts.append("CPU \(Text.seconds(measurement.processorSeconds))")
            parts.append("out \(Text.mebibytes(Double(measurement.link.outBytes)))")
            parts.append("others \(Text.tenths(measurement.othersProcessors)) CPUs")
        }
        if let percent = figures["linkUsePercent"] { parts.append("link use \(Text.percent(percent))") }
        if let comparison, comparison.isRight { parts.append("copy is right") }
        return (parts + faults.map { "FAULT: \($0)" }).joined(separator: "  ")
    }
}
