internal import FerryCore
internal import Foundation
internal import Synchronization

/// What the site's own monitor shows of its uplink: how much it has carried, every half second, as the CSV of a site file.
public final class UplinkMonitor: Sendable {
    private struct State {
        var lines = ["time,bitsPerSecond"]
        var file: String?
        var isOver = false
    }

    private let state = Mutex(State())
    private static let pause: UInt32 = 500_000

    /// Watches what goes out over `link` of `range`; nil if that has no line.
    init?(of link: String, in range: NetworkRange) {
        guard let line = range.line(ofLink: link) else { return nil }
        Thread { [self] in
            var before = (at: MonotonicClock.now(), bytes: line.counts.forward.deliveredBytes)
            while !state.withLock({ $0.isOver }) {
                usleep(UplinkMonitor.pause)
                let now = (at: MonotonicClock.now(), bytes: line.counts.forward.deliveredBytes)
                let rate = Double(now.bytes - before.bytes) * 8e9 / Double(max(1, now.at - before.at))
                note("\(UTCTime.now()),\(Int(rate))")
                before = now
            }
        }.start()
    }

    private func note(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            if let file = state.file { UplinkMonitor.write(state.lines, to: file) }
        }
    }

    /// Writes to `folder` from now on.
    /// - Returns: what a site file says of it.
    public func write(to folder: String) -> String {
        let path = "\(folder)/egress.csv"
        state.withLock { state in
            state.file = path
            UplinkMonitor.write(state.lines, to: path)
        }
        return "file:\(path)"
    }

    private static func write(_ lines: [String], to path: String) {
        try? (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Ends it.
    func end() { state.withLock { $0.isOver = true } }
}
