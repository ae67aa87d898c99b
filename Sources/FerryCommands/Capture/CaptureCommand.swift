internal import ArgumentParser
internal import FerryCore
internal import FerryPacket

/// `ferry capture`
struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Tell what the TCP flows of a capture did, and of two captures what happened between them.",
        discussion: """
            Reads pcap and pcapng. With one file: a table of its flows and a sentence for whatever troubled one. With \
            two files of the same flows, one from each end: which packets were sent and never arrived, which arrived \
            and were never sent, and what was changed on the way; addresses and ports may be translated between them.

            EXIT STATUS: 0 done, also where a file ends early, which is said; 1 Ferry failed; 2 a file is no capture \
            or there is no such flow; 3 no flow is in both captures, or none that --plot could draw.
            """
    )

    @Argument(help: "The capture; - is the standard input.") var file: String
    @Argument(help: "The capture of the other end.") var other: String?
    @Flag(help: "One JSON object for each flow, in a line, and one for the capture.") var json = false
    @Flag(help: "With --json: one object for each packet of a flow instead.") var packets = false
    @Option(help: "Only this flow, by its number.") var flow: Int?
    @Option(help: "Draw one flow's time-sequence diagram into this SVG file: --flow's, else the most troubled.")
    var plot: String?
    @Option(help: "How many flows the table shows; those with troubles come first.") var rows = 50
    @Option(help: "How many flows are followed at a time; beyond, the longest silent are told early and forgotten.")
    var limit = 65_536

    func validate() throws {
        if packets, !json { throw ValidationError("--packets needs --json") }
        if rows < 0 { throw ValidationError("--rows is negative") }
        if limit < 1 { throw ValidationError("--limit is below 1") }
        if other != nil, packets || plot != nil {
            throw ValidationError("--packets and --plot are of one capture; leave the second out")
        }
        if file == "-", other == "-" {
            throw ValidationError("the standard input is one capture; give the other as a file")
        }
        if plot != nil, file == "-" { throw ValidationError("--plot reads the capture twice; give it as a file") }
    }

    func run() async throws {
        if let other { return try await CaptureComparisonReport(command: self, other: other).run() }
        if packets { return try printPackets() }
        var collected = CollectedFlows(rows: rows, only: flow)
        var table = FlowTable(limit: limit)
        let isJSON = json
        func take(_ flow: Flow) {
            guard collected.take(flow), isJSON else { return }
            print(
                JSONText.object {
                    $0.member("record", "flow")
                    flow.write(to: &$0)
                }
            )
        }
        let progress = CaptureProgress(path: file, prints: json, endsInOrder: true)
        let stop = try progress.read { table.take($0, onEviction: take) }
        table.finish(take)
        if let flow, collected.count == 0 { throw noSuchFlow(flow) }
        if json {
            printSummary(table, stop)
        } else {
            print(CaptureText(collected, table, stop).text)
        }
        if let stop { StandardError.line("ferry: \(file) was not read to its end: \(stop)") }
        guard let plot else { return }
        guard let chosen = flow ?? collected.mostTroubled else {
            throw AnswerIsNo(
                text: "\(file) has no TCP flow, so nothing is drawn in \(plot). Name a capture of TCP connections"
            )
        }
        try draw(chosen, into: plot)
    }

    func noSuchFlow(_ flow: Int) -> FerryError {
        FerryError(
            .captureNoSuchFlow,
            operation: "show",
            subject: "flow \(flow)",
            cause: "\(file) has no flow of that number",
            advice: "Without --flow the flows are listed with their numbers."
        )
    }

    private func printSummary(_ table: FlowTable, _ stop: CaptureStop?) {
        print(
            JSONText.object {
                $0.member("record", "capture")
                $0.member("file", file)
                $0.member("flows", table.flowCount)
                $0.member("evictedFlows", table.evictions)
                table.tally.write(to: &$0)
                $0.member("isWhole", stop == nil)
                if let stop {
                    $0.member("stoppedAtByte", stop.offset)
                    $0.member("stoppedBecause", stop.description)
                }
            }
        )
    }

    private func printPackets() throws {
        var table = FlowTable(limit: limit)
        let only = flow
        let progress = CaptureProgress(path: file, prints: true, endsInOrder: true)
        let stop = try progress.read { packet in
            table.take(packet) { taken in
                guard only == nil || only == taken.flow else { return }
                print(JSONText.object { taken.write(to: &$0, packet) })
            }
        }
        if let stop { StandardError.line("ferry: \(file) was not read to its end: \(stop)") }
    }

    private func draw(_ number: Int, into path: String) throws {
        var recorder = TimeSequence(flow: number)
        var table = FlowTable(limit: limit)
        let progress = CaptureProgress(path: file)
        _ = try progress.read { packet in
            table.take(packet) { recorder.take($0, at: packet.time) }
        }
        table.finish { if $0.number == number { recorder.flow($0) } }
        try OutputText.write(recorder.svg, to: path)
        StandardError.line("ferry: flow \(number) is drawn in \(path)")
    }
}

extension ErrorCode {
    /// A capture has no flow of the number that was asked for.
    static let captureNoSuchFlow = ErrorCode("capture.no-such-flow", .input)
    /// The picture of a flow could not be written.
    static let captureNotWritten = ErrorCode("capture.not-written", .failure)
}
