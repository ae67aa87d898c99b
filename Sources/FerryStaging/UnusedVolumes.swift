internal import Synchronization

/// Volumes that no agent has opened, open to be read: content of one disk is often found on another. Few, because each
/// holds two descriptors, and each agent may come any time and open its own.
final class UnusedVolumes: Sendable {
    private struct Entry: Sendable {
        var number: UInt32
        /// Nil if it could not be opened.
        var volume: Volume?
        var since: ContinuousClock.Instant
    }

    /// The one that was used last is the last.
    private let entries = Mutex<[Entry]>([])

    /// How many are kept.
    private static let most = 16
    /// How long one that cannot be opened is not tried again, so that it is not for every chunk.
    private static let patience = Duration.seconds(10)

    /// The volume `number`, which `open` opens if it is not open yet; nil if it cannot be.
    func volume(_ number: UInt32, _ open: () -> Volume?) -> Volume? {
        let known = entries.withLock { entries -> Entry? in
            guard let place = entries.firstIndex(where: { $0.number == number }) else { return nil }
            let entry = entries.remove(at: place)
            guard entry.volume != nil || ContinuousClock.now - entry.since < UnusedVolumes.patience else { return nil }
            entries.append(entry)
            return entry
        }
        if let known { return known.volume }
        let entry = Entry(number: number, volume: open(), since: .now)
        entries.withLock { entries in
            entries.removeAll { $0.number == number }
            entries.append(entry)
            if entries.count > UnusedVolumes.most { entries.removeFirst() }
        }
        return entry.volume
    }

    /// Closes the volume `number`, because an agent has opened it.
    func forget(_ number: UInt32) { entries.withLock { $0.removeAll { $0.number == number } } }
}
