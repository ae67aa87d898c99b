/// The tables of the cases that peers take part in.
enum CopyTables {
    /// What each mover cost.
    static func costs(_ groups: [[BenchmarkRun]]) -> String {
        let hasLinkUse = groups.joined().contains { $0.figures["linkUsePercent"] != nil }
        var table = TextTable(
            [
                "", "runs", "wall s", "CPU source s", "CPU staging s", "out MiB", "back MiB", "peak RSS source MiB",
                "staging MiB", "copy",
            ] + (hasLinkUse ? ["link use %"] : []) + ["then to an image s", "others' CPUs"]
        )
        for runs in groups {
            guard let costs = Costs(runs) else { continue }
            let checked = runs.compactMap(\.comparison)
            let right = checked.count { $0.isRight }
            var row = [runs[0].label, "\(costs.count)", costs.wall.text(Text.tenths)]
            row += [costs.sourceTime.text(Text.hundredths), costs.stagingTime.text(Text.hundredths)]
            row += [costs.out.text(Text.inMebibytes), costs.back.text(Text.inMebibytes)]
            row += [costs.sourceMemory.text(Text.inMebibytes), costs.stagingMemory.text(Text.inMebibytes)]
            row += [right == runs.count ? "right" : "\(right) of \(runs.count) right"]
            if hasLinkUse { row.append(figure("linkUsePercent", runs, Text.tenths)) }
            row += [figure("restoringSeconds", runs, Text.tenths), costs.others.text(Text.tenths)]
            table.add(row)
        }
        return table.isEmpty ? "No run gave a result." : table.text
    }

    /// How many times what Ferry needs each peer needs.
    static func ratios(_ groups: [[BenchmarkRun]], ferry: String) -> String {
        guard let own = groups.first(where: { $0[0].mover == ferry }).flatMap({ Costs($0) }) else { return "" }
        var table = TextTable(["peer / Ferry, of the medians", "wall", "CPU both", "CPU source", "bytes both ways"])
        for runs in groups where runs[0].mover != ferry {
            guard let costs = Costs(runs) else { continue }
            func times(_ value: (Costs) -> Double) -> String {
                value(own) > 0 ? Text.hundredths(value(costs) / value(own)) : "-"
            }
            table.add([
                runs[0].label, times { $0.wall.median }, times { $0.bothTime.median }, times { $0.sourceTime.median },
                times { $0.bothBytes.median },
            ])
        }
        return table.isEmpty ? "" : table.text
    }

    private static func figure(_ name: String, _ runs: [BenchmarkRun], _ text: (Double) -> String) -> String {
        Statistic(of: runs.map { $0.figures[name] })?.text(text) ?? "-"
    }
}
