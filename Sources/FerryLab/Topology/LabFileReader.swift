internal import FerryCore
internal import Yams

/// Reads one mapping of a YAML file, and notes with its line whatever is missing, unknown or of the wrong kind.
///
/// Reading goes on after a problem, with something harmless in its place, so that all problems are told at once.
final class LabFileReader {
    private let mapping: Node.Mapping
    private let notes: Notes
    private let line: Int?
    private var asked: Set<String> = []

    /// The problems of a whole file, shared by the readers of its parts.
    private final class Notes {
        var problems: LabFileProblems

        init(path: String) { problems = LabFileProblems(path: path) }
    }

    private init(_ mapping: Node.Mapping, _ notes: Notes, _ line: Int?) {
        self.mapping = mapping
        self.notes = notes
        self.line = line
    }

    /// Has `body` read the mapping that `text` holds, all of it.
    /// - Parameter path: named in errors.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    static func read(_ text: String, path: String, _ body: (LabFileReader) -> Void) throws(FerryError) {
        let notes = Notes(path: path)
        let reader = try file(text, path: path, notes)
        body(reader)
        reader.finish()
        guard notes.problems.isEmpty else { throw notes.problems.error }
    }

    /// Has `body` read a part of the mapping that `text` holds; the rest may be anything.
    static func readPart(_ text: String, path: String, _ body: (LabFileReader) -> Void) throws(FerryError) {
        let notes = Notes(path: path)
        body(try file(text, path: path, notes))
        guard notes.problems.isEmpty else { throw notes.problems.error }
    }

    /// Whether YAML may take a line for more than a part of a tree.
    private static func isBeyondTrees(_ line: Substring) -> Bool {
        if line.drop(while: { $0 == " " }).hasPrefix("? ") { return true }
        var before: UInt8 = 0x20
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isSign = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            if isSign, " \t[{,:-".utf8.contains(before), index + 1 < bytes.count {
                let after = Character(UnicodeScalar(bytes[index + 1]))
                if after.isLetter || after.isNumber || after == "_" { return true }
            }
            before = byte
        }
        return false
    }

    private static func file(_ text: String, path: String, _ notes: Notes) throws(FerryError) -> LabFileReader {
        // An alias of an alias of an alias is a file of some lines and a structure without end.
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where isBeyondTrees(line) {
            notes.problems.add(number + 1, "anchors, aliases and keys of several lines are not taken")
        }
        guard notes.problems.isEmpty else { throw notes.problems.error }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            notes.problems.add(nil, "\(error)")
            throw notes.problems.error
        } catch {
            notes.problems.add(nil, "\(error)")
            throw notes.problems.error
        }
        guard let mapping = node?.mapping else {
            notes.problems.add(1, "it has to be a mapping of keys to values")
            throw notes.problems.error
        }
        return LabFileReader(mapping, notes, 1)
    }

    /// Notes a problem of the whole mapping, or of one key's value.
    func problem(_ text: String, at key: String? = nil) {
        notes.problems.add(key.flatMap { mapping[$0]?.mark?.line } ?? line, text)
    }

    /// The `timeScale` of a topology or a scenario.
    var timeScale: Double? {
        parsed("timeScale", "a number from 0.001 to 10") { Double($0).flatMap { (0.001...10).contains($0) ? $0 : nil } }
    }

    /// The keys, in order.
    var keys: [String] { mapping.keys.compactMap(\.string) }

    /// Notes every key that nobody asked for.
    func finish() {
        for key in mapping.keys {
            let name = key.string ?? "\(key)"
            guard !asked.contains(name) else { continue }
            notes.problems.add(
                key.mark?.line ?? line,
                "there is no key \"\(name)\" here; known: \(asked.sorted().joined(separator: ", "))"
            )
        }
    }

    private func value(_ key: String) -> Node? {
        asked.insert(key)
        return mapping[key]
    }

    /// Whether the key is there.
    func has(_ key: String) -> Bool { value(key) != nil }

    /// Whether the key's value is a mapping.
    func isMapping(_ key: String) -> Bool { value(key)?.mapping != nil }

    /// A text; nil if it is not there.
    func text(_ key: String) -> String? {
        guard let node = value(key) else { return nil }
        guard let scalar = node.scalar?.string else {
            notes.problems.add(node.mark?.line, "\"\(key)\" has to be one value")
            return nil
        }
        return scalar
    }

    /// A text that has to be there.
    func required(_ key: String) -> String {
        guard has(key) else {
            problem("\"\(key)\" is missing")
            return ""
        }
        return text(key) ?? ""
    }

    /// What `parse` makes of a text; nil, with a note, if it throws or is not there.
    func parsed<Value>(_ key: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text(key) else { return nil }
        guard let value = parse(text) else {
            problem("\"\(text)\" is not \(expected)", at: key)
            return nil
        }
        return value
    }

    /// A list of texts; one text counts as a list of it.
    func texts(_ key: String) -> [String] {
        guard let node = value(key) else { return [] }
        if let scalar = node.scalar { return scalar.string.isEmpty ? [] : [scalar.string] }
        guard let sequence = node.sequence else {
            notes.problems.add(node.mark?.line, "\"\(key)\" has to be a list")
            return []
        }
        return sequence.compactMap { item in
            if item.scalar == nil { notes.problems.add(item.mark?.line, "this has to be one value") }
            return item.scalar?.string
        }
    }

    /// A mapping below; nil if it is not there.
    func mapping(_ key: String) -> LabFileReader? {
        guard let node = value(key) else { return nil }
        return reader(node, "\"\(key)\"")
    }

    /// The mappings of a list.
    func mappings(_ key: String) -> [LabFileReader] {
        guard let node = value(key) else { return [] }
        guard let sequence = node.sequence else {
            notes.problems.add(node.mark?.line, "\"\(key)\" has to be a list of mappings")
            return []
        }
        return sequence.compactMap { reader($0, "each of \"\(key)\"") }
    }

    /// The line of a key's value.
    func line(of key: String) -> Int? { mapping[key]?.mark?.line ?? line }

    private func reader(_ node: Node, _ what: String) -> LabFileReader? {
        guard let below = node.mapping else {
            notes.problems.add(node.mark?.line, "\(what) has to be a mapping of keys to values")
            return nil
        }
        return LabFileReader(below, notes, node.mark?.line)
    }
}
