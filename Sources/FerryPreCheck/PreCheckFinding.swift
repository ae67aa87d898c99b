public import FerryCore

/// The stable name of one check, as `boot.drivers`. Other targets add their own as static members of an extension.
public struct PreCheckID: Hashable, Sendable, CustomStringConvertible {
    /// The stable text.
    public let text: String

    /// The check named `text`.
    public init(_ text: String) { self.text = text }

    /// The stable text.
    public var description: String { text }
}

/// What one check found out about the source server.
public struct PreCheckFinding: Hashable, Sendable {
    /// How much it matters.
    public enum Level: String, Sendable, Comparable, CaseIterable {
        /// Nothing to do.
        case ok = "OK"
        /// The move will go on; something needs a person's eye, or could not be checked.
        case warning = "Warning"
        /// The move would fail, or the moved server would not start.
        case critical = "Critical"

        private var weight: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .critical: 2
            }
        }

        /// The less serious level comes first.
        public static func < (left: Level, right: Level) -> Bool { left.weight < right.weight }
    }

    /// Which check.
    public var check: PreCheckID
    /// How much it matters.
    public var level: Level
    /// What was seen, as a sentence without its full stop.
    public var seen: String
    /// What to do, as sentences; empty if nothing needs to be done.
    public var advice: String
    /// Whether the check could look at what it is about.
    public var isChecked: Bool

    /// A finding with all its parts.
    public init(_ check: PreCheckID, _ level: Level, _ seen: String, advice: String = "", isChecked: Bool = true) {
        self.check = check
        self.level = level
        self.seen = seen
        self.advice = advice
        self.isChecked = isChecked
    }

    /// A finding that says that `what` could not be checked, because of `reason`.
    public static func unchecked(
        _ check: PreCheckID,
        _ what: String,
        because reason: String,
        advice: String = ""
    ) -> PreCheckFinding {
        PreCheckFinding(check, .warning, "\(what) could not be checked: \(reason)", advice: advice, isChecked: false)
    }

    /// Writes the finding as a JSON object.
    public func write(to json: inout JSONText) {
        json.object { json in
            json.member("check", check.text)
            json.member("level", level.rawValue)
            json.member("checked", isChecked)
            json.member("seen", seen)
            json.member("advice", advice.isEmpty ? nil : advice)
        }
    }
}

extension PreCheckFinding: CustomStringConvertible {
    /// One line: `Critical  boot.drivers  what was seen. What to do.`
    public var description: String {
        let columns = [level.rawValue, check.text]
        let widths = [8, 24]
        let head = zip(columns, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.utf8.count)) }
        return head.joined(separator: "  ") + "  \(seen)." + (advice.isEmpty ? "" : " \(advice)")
    }
}
