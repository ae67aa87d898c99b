internal import FerryCore
internal import FerryReplication
internal import Synchronization

/// For a person at a terminal: a bar that stays in its place, and lines above it for what happens.
final class TerminalReport: Report {
    private let bar = Mutex("")

    func tell(_ event: ReplicationEvent) {
        bar.withLock { bar in
            switch event {
            case .progress(let progress): bar = TerminalReport.line(progress)
            case .verifying(let disk, let done, let total):
                bar = TerminalReport.bar(done, of: total) + " \(disk): reading the volume back"
            default:
                if let sentence = Words.sentence(event) { Output.text("\r\u{1B}[K\(sentence)\n") }
            }
            Output.text("\r\u{1B}[K" + String(bar.prefix(max(20, Output.columns - 1))))
            if case .verified = event { Output.text("\r\u{1B}[K") }
        }
    }

    private static func line(_ progress: ReplicationProgress) -> String {
        bar(ByteCount(progress.scanned), of: ByteCount(progress.total)) + " " + Words.summary(progress)
    }

    /// How much of `total` is `done`, whatever numbers these are.
    static func bar(_ done: ByteCount, of total: ByteCount) -> String {
        let width = 20
        let share = total == .zero ? 1 : min(1, Double(done.bytes) / Double(total.bytes))
        let filled = Int(share * Double(width))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}
