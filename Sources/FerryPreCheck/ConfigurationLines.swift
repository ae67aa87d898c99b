/// The lines of a configuration file.
enum ConfigurationLines {
    /// Every line with its number from 1, without white space around it; empty lines and lines that begin with one of
    /// `comments` are left out.
    static func of(_ text: String, comments: [Character] = ["#"]) -> [(number: Int, text: String)] {
        var result: [(number: Int, text: String)] = []
        // By bytes: a carriage return and a line feed are one Character.
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let trimmed = String(Substring(trimmed(line)))
            guard let first = trimmed.first, !comments.contains(first) else { continue }
            result.append((index + 1, trimmed))
        }
        return result
    }

    /// The words of a line, cut at white space.
    static func words(_ line: some StringProtocol) -> [String] {
        line.utf8.split { isSpace($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The words of a line as a shell would cut them: quotes and backslashes hold a word together and vanish.
    static func shellWords(_ line: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isInWord = false
        var quote: UInt8?
        var isEscaped = false
        for byte in line.utf8 {
            if isEscaped {
                word.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
                isEscaped = true
                isInWord = true
            } else if byte == quote {
                quote = nil
            } else if quote == nil, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
                isInWord = true
            } else if quote == nil, isSpace(byte) {
                if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
                (word, isInWord) = ([], false)
            } else {
                word.append(byte)
                isInWord = true
            }
        }
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// The values of `NAME=value` lines called `name`, in order, without quotes around them.
    static func values(of name: String, in text: String) -> [String] {
        of(text).compactMap { line in
            guard let (left, right) = halves(line.text, at: "="), left == name else { return nil }
            return unquoted(right)
        }
    }

    /// What stands before and after the first `mark`, without white space around either.
    static func halves(_ text: some StringProtocol, at mark: Unicode.Scalar) -> (String, String)? {
        guard let place = text.unicodeScalars.firstIndex(of: mark) else { return nil }
        let after = text.unicodeScalars.index(after: place)
        return (
            String(Substring(trimmed(Substring(text[..<place]).utf8))),
            String(Substring(trimmed(Substring(text[after...]).utf8)))
        )
    }

    static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop { isSpace($0) }
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension StringProtocol {
    /// Whether `part` stands anywhere in the text.
    func holds(_ part: String) -> Bool {
        let text = Array(utf8)
        let part = Array(part.utf8)
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
