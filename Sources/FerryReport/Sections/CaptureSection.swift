internal import FerryCore
internal import FerryPacket

extension ReportWriter {
    /// What captures in the folder show of connections to the suspect.
    var captures: [ReportDocument.Block] {
        guard !incident.captureReadings.isEmpty else { return [] }
        var blocks: [ReportDocument.Block] = [
            .paragraph(.strong(wording.captures) + Line(wording.colon + wording.capturesIntroduction))
        ]
        for reading in incident.captureReadings {
            blocks.append(.paragraph(.code(reading.file) + Line(wording.colon + told(reading))))
            for flow in reading.flows { blocks += self.blocks(of: flow) }
        }
        return blocks
    }

    private func told(_ reading: CaptureReading) -> String {
        let problem = reading.problem.map(wording.captureProblem) ?? ""
        // What could not be read at all has nothing more to tell.
        guard reading.packets > 0 || reading.problem == nil else { return problem }
        let counts = wording.captureCounts(
            packets: reading.packets,
            connections: reading.connections,
            concerned: reading.concerned,
            troubled: reading.troubled
        )
        return problem.isEmpty ? counts : "\(counts)\(wording.sentenceSpace)\(problem)"
    }

    private func blocks(of flow: CapturedFlow) -> [ReportDocument.Block] {
        let began = "\(wording.time(flow.start.utc, isExact: true))"
        let head = wording.captureFlow(began, packets: flow.packets, Self.milliseconds(Double(flow.duration) / 1e9))
        var blocks: [ReportDocument.Block] = [
            .paragraph(.code("\(flow.client) → \(flow.server)") + Line(wording.colon + head)),
            .list(flow.troubles.map { Line(wording.captureTrouble($0, flow)) }),
        ]
        if let plot = SequencePlot(flow, wording) { blocks.append(.figure(plot.figure())) }
        if flow.before > 0 || flow.after > 0 {
            blocks.append(.paragraph(Line(wording.captureExcerpt(before: flow.before, after: flow.after), .muted)))
        }
        blocks.append(.table(head: wording.excerptHeads(), rows: flow.excerpt.map { row($0, flow) }))
        return blocks
    }

    private func row(_ segment: CapturedFlow.Segment, _ flow: CapturedFlow) -> ReportDocument.Row {
        let isEnd = !segment.flags.isDisjoint(with: [.rst, .fin])
        let usual = flow.ending.flatMap { $0.isFromClient == segment.isFromClient ? $0.usual : nil }
        let isStrange = isEnd && !(usual?.contains(segment.timeToLive) ?? true)
        let lifetime = "\(segment.timeToLive)"
        return ReportDocument.Row([
            Line("\(segment.number)"), Line(String("\(segment.time.utc)".dropFirst(11).prefix(15))),
            Line(segment.isFromClient ? "→" : "←"),
            isEnd ? Line("\(segment.flags)", .bad) : .code("\(segment.flags)"),
            Line("\(segment.sequence)"), Line("\(segment.length)"),
            isStrange ? Line(lifetime, .bad) : Line(lifetime),
            Line("\(segment.identification)"), .code(segment.marks.joined(separator: " ")),
        ])
    }
}
