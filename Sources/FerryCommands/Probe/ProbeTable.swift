internal import FerryCore
internal import FerryEvidence
internal import FerryIdentity

/// Probes as lines of a table.
struct ProbeTable {
    private let showsTimeToLive: Bool
    private let showsBytes: Bool
    /// What the service has said last.
    private var lastSaid: String?
    /// What the last answer to a request offered.
    private var lastOffered: String?

    init(_ plan: ProbePlan) {
        showsTimeToLive = plan.captures == true
        showsBytes = plan.payload != nil
    }

    /// The names of the columns.
    var head: String {
        line(
            ["#", "connect", "first byte", "round trip"] + (showsBytes ? ["sent", "arrived"] : [])
                + ["ended by"] + (showsTimeToLive ? ["TTL"] : []) + ["outcome"]
        )
    }

    func row(_ number: Int, _ record: ProbeRecord) -> String {
        let failed = record.connectSeconds == nil ? record.failureSeconds.map { "(\(ProbeTable.time($0)))" } : nil
        var words = [
            "\(number)",
            record.connectSeconds.map(ProbeTable.time) ?? failed ?? "-",
            record.firstByteSeconds.map(ProbeTable.time) ?? "-",
            roundTrip(record),
        ]
        if showsBytes {
            words += ["\(ByteCount(record.bytesSent))", record.bytesAcknowledged.map { "\(ByteCount($0))" } ?? "-"]
        }
        words.append(ProbeTable.closer(record))
        if showsTimeToLive { words.append(timeToLive(record)) }
        return line(words + [ForeignText.printable(record.told)])
    }

    /// More about a connection, below its line: what the service says, where it is not what it said the last time, and what
    /// became of those beside it.
    mutating func more(_ record: ProbeRecord) -> [String] {
        offer(of: record) + words(of: record) + companions(record)
    }

    /// The options of TCP that the answer to the request has, where it could be captured.
    private mutating func offer(of record: ProbeRecord) -> [String] {
        guard let answer = record.handshake?.answers.last else { return [] }
        let options = [
            answer.maximumSegment.map { "segments of \($0) bytes" }, answer.windowScale.map { "window scale \($0)" },
            answer.permitsSelectiveAcknowledgement == true ? "SACK" : nil,
            answer.hasTimestamps == true ? "timestamps" : nil, answer.flags.contains("E") ? "ECN" : nil,
        ].compactMap { $0 }
        let offered = options.isEmpty ? "none" : options.joined(separator: ", ")
        guard offered != lastOffered else { return [] }
        lastOffered = offered
        return ["     options of the answer: " + offered]
    }

    private mutating func words(of record: ProbeRecord) -> [String] {
        // What was said in refusal stands in the row itself, and so does why a name was not found.
        guard record.outcome != .applicationError, record.phase != .resolve else { return [] }
        guard let text = record.text, text != lastSaid else { return [] }
        lastSaid = text
        let printable = ForeignText.printable(text)
        // Ends of lines are spaces and dots there.
        guard let end = printable.lastIndex(where: { !" ·".contains($0) }) else { return [] }
        let said = printable[...end]
        let isLonger = said.count > ProbeTable.longestSaid
        return ["     says: " + (isLonger ? said.prefix(ProbeTable.longestSaid - 1) + "…" : said)]
    }

    /// Characters.
    private static let longestSaid = 100

    private func companions(_ record: ProbeRecord) -> [String] {
        guard let outcomes = record.outcomes else { return [] }
        var counts: [(ProbeOutcome, Int)] = []
        for outcome in outcomes {
            if let index = counts.firstIndex(where: { $0.0 == outcome }) {
                counts[index].1 += 1
            } else {
                counts.append((outcome, 1))
            }
        }
        return [
            "     \(outcomes.count) at the same time: " + counts.map { "\($0.1) \($0.0.words)" }.joined(separator: ", ")
        ]
    }

    private func roundTrip(_ record: ProbeRecord) -> String {
        let measured = record.tcp?.roundTripSeconds ?? record.handshake?.roundTripSeconds
        return measured.flatMap { $0 > 0 ? ProbeTable.time($0) : nil } ?? "-"
    }

    /// That of the packet that ended it, and of the handshake's answer beside it.
    private func timeToLive(_ record: ProbeRecord) -> String {
        let answer = record.handshake?.answers.first.map { "\($0.timeToLive)" }
        guard let closing = record.closing else { return answer ?? "-" }
        return answer.map { "\(closing.timeToLive), SYN-ACK \($0)" } ?? "\(closing.timeToLive)"
    }

    private static func closer(_ record: ProbeRecord) -> String {
        switch record.closedBy {
        case .us: "us"
        case .peer: "the peer"
        case .network: record.isRejectedByHost ? "the host" : "a router"
        case .nobody: "nobody"
        }
    }

    private func line(_ words: [String]) -> String {
        let widths = [4, 10, 10, 10] + (showsBytes ? [10, 10] : []) + [8] + (showsTimeToLive ? [14] : [])
        let padded = zip(words, widths).map { word, width in
            word + String(repeating: " ", count: max(0, width - word.count))
        }
        return (padded + words.dropFirst(widths.count)).joined(separator: "  ")
    }

    /// A time with its unit and three digits that count.
    static func time(_ seconds: Double) -> String {
        if seconds >= 1 { return "\(rounded(seconds, 2)) s" }
        return seconds >= 0.01 ? "\(rounded(seconds * 1000, 1)) ms" : "\(rounded(seconds * 1000, 2)) ms"
    }

    private static func rounded(_ value: Double, _ digits: Int) -> String {
        let factor = digits == 1 ? 10.0 : 100
        let whole = Int((value * factor).rounded())
        let fraction = String(whole % Int(factor))
        return "\(whole / Int(factor))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
