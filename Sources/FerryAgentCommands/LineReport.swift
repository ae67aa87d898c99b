internal import FerryReplication
internal import NIOCore
internal import Synchronization

/// For a log: a line for each thing that happens, and one on the progress every ten seconds.
final class LineReport: Report {
    private let lastProgress = Mutex(NIODeadline.now())
    private let lastVerifying = Mutex(NIODeadline.distantPast)

    func tell(_ event: ReplicationEvent) {
        if case .progress(let progress) = event {
            guard LineReport.isDue(lastProgress) else { return }
            return Output.line(Words.summary(progress))
        }
        if case .verifying = event {
            guard LineReport.isDue(lastVerifying) else { return }
        }
        if let sentence = Words.sentence(event) { Output.line(sentence) }
    }

    private static func isDue(_ last: borrowing Mutex<NIODeadline>) -> Bool {
        last.withLock { last in
            let now = NIODeadline.now()
            guard now - last >= .seconds(10) else { return false }
            last = now
            return true
        }
    }
}
