internal import FerryCore

extension ErrorCode {
    /// The command line cannot be understood.
    static let badArguments = ErrorCode("input.arguments", .input)
}

/// The words of a command line, taken out one option after another; what is left over is an error.
///
/// The agent has this instead of swift-argument-parser because that brings FoundationEssentials along.
struct ArgumentList {
    private var words: [String]
    private let verb: String

    init(_ words: [String], verb: String) {
        self.words = words
        self.verb = verb
    }

    /// Whether `--name` is there.
    mutating func flag(_ name: String) -> Bool {
        guard let index = words.firstIndex(of: "--\(name)") else { return false }
        words.remove(at: index)
        return true
    }

    /// The value of `--name VALUE` or `--name=VALUE`; nil if it is not there.
    mutating func value(_ name: String) throws(FerryError) -> String? {
        let values = try self.values(name)
        guard values.count <= 1 else { throw error("--\(name)", "it is given \(values.count) times") }
        return values.first
    }

    /// All words after `--name` up to the next option, and the values of `--name=VALUE`.
    mutating func values(_ name: String) throws(FerryError) -> [String] {
        var values: [String] = []
        var index = 0
        while index < words.count {
            if words[index] == "--\(name)" {
                guard index + 1 < words.count, !words[index + 1].hasPrefix("--") else {
                    throw error("--\(name)", "it needs a value")
                }
                values.append(words[index + 1])
                words.removeSubrange(index...(index + 1))
            } else if words[index].hasPrefix("--\(name)=") {
                values.append(String(words[index].dropFirst(name.utf8.count + 3)))
                words.remove(at: index)
            } else {
                index += 1
            }
        }
        return values
    }

    /// The value of `--name`, which must be there.
    mutating func required(_ name: String) throws(FerryError) -> String {
        guard let value = try value(name) else { throw error("--\(name)", "it is missing") }
        return value
    }

    /// A whole number of `range` after `--name`; nil if it is not there.
    mutating func number(_ name: String, _ range: ClosedRange<Int>) throws(FerryError) -> Int? {
        guard let text = try value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw error("--\(name) \(text)", "it is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The words that are no options.
    mutating func operands() throws(FerryError) -> [String] {
        if let unknown = words.first(where: { $0.hasPrefix("-") && $0 != "-" }) {
            throw error(unknown, "there is no such option")
        }
        defer { words = [] }
        return words
    }

    /// Nothing may be left.
    mutating func end() throws(FerryError) {
        if let word = try operands().first { throw error(word, "nothing more was expected") }
    }

    func error(_ subject: String, _ cause: String) -> FerryError {
        FerryError(
            .badArguments,
            operation: "understand",
            subject: subject,
            cause: cause,
            advice: "See \"ferry-agent \(verb) --help\"."
        )
    }
}
