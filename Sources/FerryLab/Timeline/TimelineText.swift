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
