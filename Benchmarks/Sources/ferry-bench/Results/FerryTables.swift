/// The tables of the cases that are about Ferry alone.
enum FerryTables {
    static func table(_ benchmark: BenchmarkCase, _ groups: [[BenchmarkRun]]) -> String {
        let groups = groups.map { $0.filter { $0.failure == nil } }.filter { !$0.isEmpty }
        guard !groups.isEmpty else { return "No run gave a result." }
        return switch benchmark {
        case .kill: kill(groups)
        case .rate: rate(groups)
        case .memory: memory(groups)
        case .idle: idle(groups)
        case .first, .firstShaped, .delta, .sister: ""
        }
    }

    private static func kill(_ groups: [[BenchmarkRun]]) -> String {
        var table = TextTable([
            "", "kills", "killed at % of the bytes", "sent twice MiB", "said by the agent MiB",
            "full copies differ by MiB",
            "copy",
        ])
        for runs in groups {
            let right = runs.count { $0.comparison?.isRight == true }
            table.add([
                runs[0].label, "\(runs.count)", figure("killedAtPercent", runs, Text.tenths),
                figure("sentTwiceBytes", runs, Text.inMebibytes), figure("agentSentAgainBytes", runs, Text.inMebibytes),
                figure("fullCopySpreadBytes", runs, Text.inMebibytes),
                right == runs.count ? "right" : "\(right) of \(runs.count) right",
            ])
        }
        return table.text
    }

    private static func rate(_ groups: [[BenchmarkRun]]) -> String {
        var table = TextTable([
            "", "runs", "highest second % of the budget", "lowest second %", "mean %",
            "highest with Ethernet headers %",
            "mean with them %", "windows", "longest gap ms",
        ])
        for runs in groups {
            table.add([
                runs[0].label, "\(runs.count)", figure("highestSecondPercent", runs, Text.hundredths),
                figure("lowestSecondPercent", runs, Text.hundredths), figure("meanPercent", runs, Text.hundredths),
                figure("highestSecondWithEthernetPercent", runs, Text.hundredths),
                figure("meanWithEthernetPercent", runs, Text.hundredths),
                figure("windowsCount", runs) { "\(Int($0))" },
                figure("longestGapSeconds", runs) { Text.tenths($0 * 1000) },
            ])
        }
        let how = groups[0][0].remark.map { "\n\nCounted at the device, with \($0)." } ?? ""
        return table.text + how
    }

    private static func memory(_ groups: [[BenchmarkRun]]) -> String {
        var table = TextTable([
            "", "runs", "resident MiB (VmRSS)", "high-water MiB (VmHWM)", "no file MiB (RssAnon)", "wall s",
        ])
        for runs in groups {
            let measurements = runs.compactMap(\.measurement)
            let sides: [(String, (Measurement) -> MemoryPeak)] = [
                ("agent", \.source.memory), ("staging server", \.staging.memory),
            ]
            for (name, side) in sides {
                func peak(_ bytes: (MemoryPeak) -> Int) -> String {
                    Statistic(of: measurements.map { Double(bytes(side($0))) })?.text(Text.inMebibytes) ?? "-"
                }
                table.add([
                    name, "\(runs.count)", peak(\.residentBytes), peak(\.highWaterBytes), peak(\.anonymousBytes),
                    Statistic(of: measurements.map(\.wallSeconds))?.text(Text.tenths) ?? "-",
                ])
            }
        }
        return table.text
    }

    private static func idle(_ groups: [[BenchmarkRun]]) -> String {
        var table = TextTable(["", "runs", "source % of a core", "staging % of a core", "out Mbit/s"])
        for runs in groups {
            table.add([
                runs[0].label, "\(runs.count)", figure("sourceCorePercent", runs, Text.hundredths),
                figure("stagingCorePercent", runs, Text.hundredths),
                figure("outMegabitsPerSecond", runs, Text.hundredths),
            ])
        }
        return table.text
    }

    private static func figure(_ name: String, _ runs: [BenchmarkRun], _ text: (Double) -> String) -> String {
        Statistic(of: runs.map { $0.figures[name] })?.text(text) ?? "-"
    }
}
