internal import FerryCore
internal import FerryPacket

/// What `ferry capture A B` tells.
struct CaptureComparisonReport {
    let command: CaptureCommand
    let other: String

    func run() async throws {
        let left = try recording(of: command.file)
        let right = try recording(of: other)
        for recording in [left, right] {
            if let stop = recording.stop {
                StandardError.line("ferry: \(recording.path) was not read to its end: \(stop)")
            }
            if recording.leftOut > 0 {
                StandardError.line(
                    "ferry: \(recording.leftOut) packets of \(recording.path) are too many and not compared"
                )
            }
        }
        let comparison = await ProgressLine.tell { [command, other] seconds in
            "matching the packets of \(command.file) and \(other): \(seconds) s"
        } while: {
            CaptureComparison(left, right)
        }
        let wanted = comparison.flows.filter { command.flow == nil || $0.left.number == command.flow }
        if let flow = command.flow, wanted.isEmpty, !comparison.onlyLeft.contains(where: { $0.number == flow }) {
            throw command.noSuchFlow(flow)
        }
        if command.json { printJSON(comparison, wanted) } else { printText(comparison, wanted) }
        if comparison.flows.isEmpty { throw AnswerIsNo(text: "no flow is in both captures") }
    }

    private func recording(of path: String) throws -> CaptureRecording {
        let progress = CaptureProgress(path: path, endsInOrder: true)
        defer { progress.end() }
        return try CaptureRecording(path: path, limit: command.limit, onProgress: progress.show)
    }

    private func printJSON(_ comparison: CaptureComparison, _ wanted: [FlowComparison]) {
        for flow in wanted {
            print(
                JSONText.object {
                    $0.member("record", "comparison")
                    flow.write(to: &$0)
                }
            )
        }
        guard command.flow == nil else { return }
        for (flows, name) in [(comparison.onlyLeft, "first"), (comparison.onlyRight, "second")] {
            for flow in flows {
                print(
                    JSONText.object {
                        $0.member("record", "onlyInOne")
                        $0.member("capture", name)
                        flow.write(to: &$0)
                    }
                )
            }
        }
    }

    private func printText(_ comparison: CaptureComparison, _ wanted: [FlowComparison]) {
        print("\(comparison.flows.count) flows are in both captures.")
        let titles = [
            "flow", "client", "there", "client", "server", "clock", "to server", "lost", "forged", "to client", "lost",
            "forged",
        ]
        let shown = wanted.prefix(max(1, command.rows))
        print(CaptureText.aligned([titles] + shown.map(cells)).joined(separator: "\n"))
        if shown.count < wanted.count { print("… and \(wanted.count - shown.count) flows more; --rows shows more") }
        for flow in shown where !flow.findings.isEmpty {
            print("\nflow \(flow.left.number), \(flow.left.client.end) to \(flow.left.server.end)")
            for text in flow.findings { print("  - \(text)") }
        }
        guard command.flow == nil else { return }
        for (flows, name) in [(comparison.onlyLeft, command.file), (comparison.onlyRight, other)] where !flows.isEmpty {
            print("\nOnly in \(name): \(flows.count) flows")
            for flow in flows.prefix(command.rows) {
                print("  flow \(flow.number), \(flow.client.end) to \(flow.server.end), \(flow.connectionState)")
            }
        }
    }

    private func cells(_ flow: FlowComparison) -> [String] {
        let up = flow.toServer
        let down = flow.toClient
        var clock = "-"
        if let difference = flow.clockDifference {
            clock = CaptureText.signed(difference)
            if let uncertainty = flow.clockUncertainty { clock += " ±\(CaptureText.time(uncertainty))" }
        }
        return [
            "\(flow.left.number)", "\(flow.left.client.end)", "\(flow.right.number)", "\(flow.right.client.end)",
            "\(flow.right.server.end)", clock,
        ]
            + [
                up.sentCount, up.lost.count, up.forged.count, down.sentCount, down.lost.count, down.forged.count,
            ].map { flow.isTerminated ? "-" : "\($0)" }
    }
}
