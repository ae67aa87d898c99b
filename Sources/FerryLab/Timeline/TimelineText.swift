internal import Foundation

/// The words in which a timeline is told.
enum TimelineText {
    /// What telnet shows of an outcome, and what that is.
    static func telnet(_ outcome: PlainOutcome) -> String {
        switch outcome {
        case .ok, .slowLossy, .slowShaped: "connected, and the service answers"
        case .lateConnect: "connected after a second"
        case .synTimeout: "Trying ... (no answer)"
        case .refused, .refusedFast, .refusedFull: "Connection refused"
        case .icmp: "No route to host"
        case .notSent: "Cannot assign requested address"
        // Telnet says the same of a reset as of a close.
        case .connectReset, .connectClosed, .midReset, .midClosed: "Connection closed by foreign host."
        case .connectSilence, .midStall, .midStallAtReceiver: "connected, and nothing comes"
        case .appError: "connected, and the service refuses"
        }
    }

    /// What a diagnosis says, in lines.
    static func verdict(_ verdict: Verdict, _ time: Duration) -> [String] {
        let percent = Int((verdict.confidence * 100).rounded())
        let connects = verdict.cost.suspectConnects
        return [
            "level       \(verdict.level.rawValue), \(percent) %",
            "cause       \(verdict.causes.joined(separator: " and ")) at \(verdict.loci.joined(separator: " and "))",
            "remedy      \(verdict.remedy)",
            "cost        \(connects) \(connects == 1 ? "connection" : "connections") to the suspect, \(seconds(time))",
        ]
    }

    /// The same in one line, for the end of a story.
    static func verdictAtTheEnd(_ verdict: Verdict, _ time: Duration) -> String {
        "ferry diagnose says after \(seconds(time)): \(verdict.causes.joined(separator: " and ")), "
            + "\(verdict.remedy) (\(verdict.level.rawValue))."
    }

    /// A duration as `3.2 s`.
    static func seconds(_ duration: Duration) -> String {
        String(format: "%.1f s", Double(duration.nanoseconds) / 1e9)
    }

    /// `text` in lines of at most 100 characters.
    static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, last.count + word.count < 100 {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
