internal import FerryReplication
internal import NIOCore
internal import Synchronization

/// For a log: a line for each thing that happens, and for what goes on one every ten seconds.
final class LineReport: Report {
    /// What goes on, rather than happens.
    private enum Ongoing: Hashable {
        case progress
        case verifying
        case connecting
        case waiting
    }

    private let lastTold = Mutex<[Ongoing: NIODeadline]>([:])

    func tell(_ event: ReplicationEvent) {
        switch event {
        case .progress(let progress):
            // Nothing to tell of the first second.
            if isDue(.progress, atFirst: false) { Output.line(Words.summary(progress)) }
            return
        case .verifying: guard isDue(.verifying, atFirst: true) else { return }
        case .connecting: guard isDue(.connecting, atFirst: true) else { return }
        case .waiting: guard isDue(.waiting, atFirst: true) else { return }
        default: break
        }
        if let sentence = Words.sentence(event) { Output.line(sentence) }
    }

    private func isDue(_ what: Ongoing, atFirst: Bool) -> Bool {
        lastTold.withLock { lastTold in
            let now = NIODeadline.now()
            guard let last = lastTold[what] else {
                lastTold[what] = now
                return atFirst
            }
            guard now - last >= .seconds(10) else { return false }
            lastTold[what] = now
            return true
        }
    }
}
