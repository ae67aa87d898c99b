internal import Glibc

/// A moment after which nobody waits any longer.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(after duration: Duration) { end = ContinuousClock.now + duration }
    private init(end: ContinuousClock.Instant) { self.end = end }

    var hasPassed: Bool { ContinuousClock.now >= end }

    /// This deadline, or the moment after `duration` if that comes first.
    func atMost(_ duration: Duration) -> Deadline { Deadline(end: min(end, ContinuousClock.now + duration)) }

    /// Waits until one of `files` is ready or the deadline passes; false if it passed. An error of a file counts as
    /// ready: whoever reads or writes it next is told which.
    func wait(for files: inout [pollfd]) -> Bool {
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero else { return false }
            // Rounded up, so that a wait of less than a millisecond does not spin; short enough for an Int32.
            let (seconds, attoseconds) = min(left, .seconds(3600)).components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
            let count = poll(&files, nfds_t(files.count), Int32(milliseconds))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }

    /// Waits until `file` is ready for `events` or the deadline passes; false if it passed.
    func wait(for file: Int32, _ events: Int32) -> Bool {
        var files = [pollfd(fd: file, events: Int16(events), revents: 0)]
        return wait(for: &files)
    }
}
