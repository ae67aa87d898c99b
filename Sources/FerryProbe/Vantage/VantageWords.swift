internal import FerryCore

/// What a vantage says, before anything is made of it. It stands on a host of somebody else, and what it says reaches tickets.
enum VantageWords {
    /// Members that may be less than nought: distances between sequence numbers, and the kernel's word for "no limit".
    private static let signed: Set<String> = ["sequenceOffset", "acknowledgementOffset", "Tcp.MaxConn"]
    /// Up to here every whole number is one of a `Double`, and sums of several do not overflow.
    static let largest: Int64 = 1 << 53
    /// Characters of a text; the longest of Ferry's own are sentences.
    private static let longest = 1000

    /// Whether all numbers are such as can be counted or measured. What was asked for is not looked at: it is known here.
    static func arePossible(_ value: JSONValue, _ name: String = "") -> Bool {
        switch value {
        case .integer(let number): (signed.contains(name) ? -largest : 0)...largest ~= number
        case .number(let number): (signed.contains(name) ? -Double(largest) : 0)...Double(largest) ~= number
        case .array(let values): values.allSatisfy { arePossible($0, name) }
        case .object(let members): members.allSatisfy { $0.name == "plan" || arePossible($0.value, $0.name) }
        case .null, .flag, .text: true
        }
    }

    /// The same with a dot in place of each character that does something and is not seen, and long texts cut.
    static func cleaned(_ value: JSONValue) -> JSONValue {
        switch value {
        case .text(let text): .text(cleaned(text))
        case .array(let values): .array(values.map(cleaned))
        case .object(let members):
            .object(members.map { JSONValue.Member(cleaned($0.name), cleaned($0.value)) })
        case .null, .flag, .integer, .number: value
        }
    }

    /// The same of a text.
    static func cleaned(_ text: String) -> String {
        if text.utf8.count <= longest, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) { cleaned.append(isPlain(scalar) ? scalar : "·") }
        return String(cleaned)
    }

    /// Control characters move a terminal's cursor, format characters turn the direction of what follows, and a line
    /// separator begins a line that looks like Ferry's own.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
