internal import FerryCore

/// Reads one mapping of a site file, and notes with its line whatever is missing, unknown or of the wrong kind.
final class SiteMapping {
    /// The longest list that is read: a diagnosis asks of each of its items at least once.
    static let longestList = 256
    /// The longest text: a path has at most 4096 bytes.
    static let longestText = 4096

    let line: Int
    let problems: SiteProblems
    private let members: [YAMLNode.Member]
    private let place: String
    private var asked: [String] = []

    /// - Parameter place: what it is in the file, as `controls`; empty for the file itself.
    init?(_ node: YAMLNode, _ place: String, _ problems: SiteProblems) {
        guard case .mapping(let members) = node.content else {
            if node.content != .refused {
                let what = place.isEmpty ? "a site file" : "\"\(place)\""
                problems.add(node.line, "\(what) has to be a mapping of keys to values, and this is \(node.kind)")
            }
            return nil
        }
        self.members = members
        self.place = place
        self.problems = problems
        line = node.line
    }

    /// Notes every key that nobody has asked for.
    func finish() {
        for member in members where !asked.contains(member.key) {
            let question = problems.isFull ? "" : NearestWord.question(member.key, among: asked)
            let here = place.isEmpty ? "a site file" : "\"\(place)\""
            problems.add(
                member.line,
                "\(here) has no key \"\(member.key)\"\(question); "
                    + "its keys are \(asked.joined(separator: ", "))"
            )
        }
    }

    /// The key's member; nil if it is not there, or there with nothing after it.
    func member(_ key: String) -> YAMLNode.Member? {
        if !asked.contains(key) { asked.append(key) }
        guard let member = members.first(where: { $0.key == key }), member.value.content != .nothing else { return nil }
        return member
    }

    /// Notes that the key has to be there, unless it is.
    func require(_ key: String, _ what: String) {
        if member(key) == nil {
            problems.add(line, "\(place.isEmpty ? "" : "\"\(place)\": ")\"\(key)\" is missing: \(what)")
        }
    }

    /// A text; nil if it is not there or no text.
    func text(_ key: String) -> String? { member(key).flatMap { SiteMapping.text($0.value, key, problems) } }

    /// What `parse` makes of a text; nil, with a note, if that is nothing.
    func parsed<Value>(_ key: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text(key) else { return nil }
        guard let value = parse(text) else {
            problems.add(member(key)?.value.line ?? line, "\"\(key)\": \"\(text)\" is not \(expected)")
            return nil
        }
        return value
    }

    /// One word of a vocabulary.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, as type: Word.Type) -> Word? {
        guard let text = text(key) else { return nil }
        return SiteMapping.word(text, key, member(key)?.value.line ?? line, problems)
    }

    /// The items of a list; one value that is no list counts as a list of it. Empty if it is not there.
    func items(_ key: String) -> [YAMLNode] {
        guard let member = member(key) else { return [] }
        switch member.value.content {
        case .list(let items):
            guard items.count <= SiteMapping.longestList else {
                problems.add(
                    member.line,
                    "\"\(key)\" has \(items.count) items, and at most \(SiteMapping.longestList) are read"
                )
                return []
            }
            return items
        case .text: return [member.value]
        case .mapping:
            problems.add(member.line, "\"\(key)\" has to be a list; begin each of its items with \"- \"")
            return []
        case .nothing, .refused: return []
        }
    }

    /// The texts of a list, with their lines.
    func texts(_ key: String) -> [(text: String, line: Int)] {
        items(key).compactMap { item in SiteMapping.text(item, key, problems).map { ($0, item.line) } }
    }

    /// A mapping below; nil if it is not there.
    func mapping(_ key: String) -> SiteMapping? { member(key).flatMap { SiteMapping($0.value, key, problems) } }

    /// The text that `node` is; nil, with a note, if it is none that can be used.
    static func text(_ node: YAMLNode, _ key: String, _ problems: SiteProblems) -> String? {
        guard case .text(let text) = node.content else {
            if node.content != .refused {
                problems.add(node.line, "\"\(key)\" has to be one value, and this is \(node.kind)")
            }
            return nil
        }
        guard !text.isEmpty else {
            problems.add(node.line, "\"\(key)\" is empty")
            return nil
        }
        guard !text.unicodeScalars.contains(where: isUnseen) else {
            problems.add(
                node.line,
                "\"\(key)\" has a control character, a line break or another that is not seen in it"
            )
            return nil
        }
        guard text.utf8.count <= longestText else {
            problems.add(node.line, "\"\(key)\" has \(text.utf8.count) bytes, and at most \(longestText) are read")
            return nil
        }
        return text
    }

    /// Whether it is nothing that a person sees. Texts are shown on terminals and in reports, and handed to other programs; YAML
    /// can write any character in quotes.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    /// The word that `text` is; nil, with a note that names all there are, if it is none.
    static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String,
        _ key: String,
        _ line: Int,
        _ problems: SiteProblems
    ) -> Word? {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        let question = NearestWord.question(text, among: known)
        problems.add(line, "\"\(key)\": \"\(text)\" is not one of \(known.joined(separator: ", "))\(question)")
        return nil
    }
}
