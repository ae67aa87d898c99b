import Foundation

/// The tables of some results, as Markdown.
struct Report {
    let results: Results

    var text: String {
        var parts = [machine]
        for benchmark in BenchmarkCase.allCases {
            let runs = results.runs.filter { $0.benchmark == benchmark }
            guard !runs.isEmpty else { continue }
            parts.append("## \(benchmark.title)")
            let groups = Report.grouped(runs)
            if benchmark.scene != nil {
                parts.append(CopyTables.costs(groups))
                parts.append(CopyTables.ratios(groups, ferry: "ferry"))
            } else {
                parts.append(FerryTables.table(benchmark, groups))
            }
            for run in runs {
                if let failure = run.failure {
                    parts.append("Round \(run.round), \(run.label) failed: \(failure)")
                }
                for fault in run.faults { parts.append("Round \(run.round), \(run.label): \(fault)") }
            }
        }
        parts.append(footnotes)
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// Runs of the same thing together, in the order in which they first came.
    private static func grouped(_ runs: [BenchmarkRun]) -> [[BenchmarkRun]] {
        var labels: [String] = []
        for run in runs where !labels.contains(run.label) { labels.append(run.label) }
        return labels.map { label in runs.filter { $0.label == label } }
    }

    private var machine: String {
        var lines = ["# Ferry and its peers", results.machine.text]
        let disks = results.workloads.map { disk in
            "\(disk.name): \(Text.mebibytes(Double(disk.sizeBytes))), in no hole "
                + "\(Text.mebibytes(Double(disk.dataBytes))), free in its file systems "
                + Text.mebibytes(Double(disk.freeBytes))
        }
        lines.append(disks.joined(separator: "; ") + ".")
        lines.append(
            "Both servers share this machine; the source is in the page cache, what is written lies in memory. "
                + "Medians, the range of all runs in parentheses."
        )
        return lines.joined(separator: "\n\n")
    }

    private var footnotes: String {
        var lines = results.movers.sorted { $0.key < $1.key }.map { mover in
            "- \(mover.key): \(mover.value)" + (results.versions[mover.key].map { " (\($0))" } ?? "")
        }
        lines += results.skipped.map { "- \($0.mover): skipped, \($0.why)" }
        return lines.joined(separator: "\n")
    }
}
