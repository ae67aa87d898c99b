internal import FerryCore
internal import FerryReplication
internal import FerryTransport

/// Tells somebody how a replication goes. Called from one thread.
protocol Report: Sendable {
    func tell(_ event: ReplicationEvent)
}

enum Words {
    /// The sentence for an event that a person reads in a log; nil for progress.
    static func sentence(_ event: ReplicationEvent) -> String? {
        switch event {
        case .laneStarted(let endpoint, let source, let observed, _):
            return "connected to \(endpoint) from \(source)"
                + (observed == source ? "" : ", which the staging server sees as \(observed)")
        case .laneEnded(let end):
            let why = end.error.map { $0.summary } ?? "the connection to \(end.destination) ended"
            return "connection lost (\(end.outcome)): \(why)"
        case .connecting(let endpoint, let since): return "connecting to \(endpoint) for \(seconds(since)) s"
        case .waiting(let delay, let since, let why):
            return "no connection for \(seconds(since)) s; next try in \(seconds(delay)) s; last: \(why)"
        case .stalled(let since, let says):
            return "nothing has moved for \(seconds(since)) s although the connection lives; connecting anew (\(says))"
        case .passStarted(let disk, let pass, let isResumed, let used, let size):
            return "\(disk): pass \(pass) \(isResumed ? "goes on" : "begins"), \(used) of \(size) in use"
        case .finding(let disk, let text): return "\(disk): \(text)"
        case .damaged(let disk, let extents):
            return "\(disk): could not be read at \(extents.map(\.description).joined(separator: ", ")); "
                + "the image will have zeros there and say so"
        case .freezing(let mountPoints): return "freezing for the final pass: \(mountPoints.joined(separator: ", "))"
        case .frozen(let mountPoints, let limit):
            return "frozen for the final pass, for at most \(seconds(limit)) s: \(mountPoints.joined(separator: ", "))"
        case .thawed(let after, let inTime):
            return "thawed after \(tenths(after / .seconds(1))) s"
                + (inTime ? "" : ": before the final pass was done, which is therefore not consistent")
        case .resting(let delay): return "the next pass begins in \(clock(delay / .seconds(1))) min"
        case .progress: return nil
        case .verifying(let disk, let done, let total):
            return "\(disk): the staging server reads the volume back, \(done) of \(total)"
        case .repairing(let disk, let regions):
            return "\(disk): \(regions) regions at the staging server are not what they should be and are sent again"
        case .verified(let disk, let pass, let generation, let root, let time):
            return
                "\(disk): pass \(pass) verified as generation \(generation) after \(tenths(time)) s, manifest \(root)"
        }
    }

    /// A line on how far the job is.
    static func summary(_ progress: ReplicationProgress) -> String {
        var parts = [
            "\(percent(progress.scanned, progress.total)) %",
            "read \(ByteCount(progress.read))",
            "sent \(ByteCount(progress.sent))",
            "\(BitRate(bitsPerSecond: UInt64(max(0, progress.rate * 8))))",
        ]
        if let remaining = progress.remainingSeconds, progress.scanned < progress.total {
            parts.append("\(clock(remaining)) left")
        }
        let notSent = progress.unused + progress.zero + progress.unchanged + progress.alreadyThere
        parts.append("saved \(ByteCount(notSent + max(0, progress.unpacked - progress.packed)))")
        return parts.joined(separator: ", ")
    }

    static func percent(_ part: Int, _ whole: Int) -> Int { whole == 0 ? 100 : min(100, part * 100 / whole) }

    static func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }

    static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `1:02:03`, or `2:03` below an hour.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 3.6e6))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = "\(whole / 60 % 60)"
        return whole >= 3600
            ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
    }
}
