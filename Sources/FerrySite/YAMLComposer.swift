internal import CYAML
internal import FerryCore

/// Makes a tree of a YAML text, as deep as a site file may be and with nothing in it that is not a tree.
///
/// Anchors, aliases and merge keys are refused: an alias of an alias of an alias is a file of some lines and a structure without
/// end. Tags are refused because nothing here has more than one type.
struct YAMLComposer: ~Copyable {
    /// The deepest nesting that is read; a site file has four levels.
    static let deepest = 16

    private struct Stop: Error {}

    private enum Event {
        case end
        case document(line: Int)
        case text(String, isPlain: Bool, anchor: Bool, tag: Bool, line: Int)
        case alias(String, line: Int)
        case list(anchor: Bool, tag: Bool, line: Int)
        case mapping(anchor: Bool, tag: Bool, line: Int)
        case close
        case other
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let events: YAMLEvents
    private let problems: SiteProblems

    /// The tree of `text`; nil after a problem that leaves nothing to look at.
    static func tree(of text: String, _ problems: SiteProblems) -> YAMLNode? {
        // libyaml takes a byte order mark only where it has to find out the encoding itself.
        var utf8 = Array(text.utf8)
        if utf8.starts(with: [0xEF, 0xBB, 0xBF]) { utf8.removeFirst(3) }
        return utf8.withUnsafeBufferPointer { bytes in
            let composer = YAMLComposer(bytes: bytes, events: YAMLEvents(of: bytes), problems: problems)
            return try? composer.document()
        }
    }

    private func document() throws(Stop) -> YAMLNode {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event {
            case .end: return root ?? YAMLNode(content: .nothing, line: 1)
            case .document(let line):
                guard root == nil else {
                    problems.add(line, "a second document begins here; a site file has one")
                    throw Stop()
                }
                root = try node(of: try next(), depth: 0)
            default: continue
            }
        }
    }

    private func node(of event: Event, depth: Int) throws(Stop) -> YAMLNode {
        switch event {
        case .text(let text, let isPlain, let anchor, let tag, let line):
            refuse(anchor: anchor, tag: tag, line)
            let isNothing = isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
            return YAMLNode(content: isNothing ? .nothing : .text(text), line: line)
        case .alias(let name, let line):
            problems.add(line, "the alias *\(name) is not taken; write the value again")
            return YAMLNode(content: .refused, line: line)
        case .list(let anchor, let tag, let line):
            refuse(anchor: anchor, tag: tag, line)
            try checkDepth(depth, line)
            var items: [YAMLNode] = []
            while true {
                let event = try next()
                if case .close = event { break }
                items.append(try node(of: event, depth: depth + 1))
            }
            return YAMLNode(content: .list(items), line: line)
        case .mapping(let anchor, let tag, let line):
            refuse(anchor: anchor, tag: tag, line)
            try checkDepth(depth, line)
            return YAMLNode(content: .mapping(try members(depth: depth + 1)), line: line)
        case .end, .document, .close, .other: return YAMLNode(content: .nothing, line: 1)
        }
    }

    private func members(depth: Int) throws(Stop) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next()
            if case .close = event { return members }
            let key = try node(of: event, depth: depth)
            let value = try node(of: try next(), depth: depth)
            switch key.content {
            case .text("<<"): problems.add(key.line, "the merge key << is not taken; write its members out")
            case .text(let name):
                if let first = lines[name] {
                    problems.add(key.line, "the key \"\(name)\" is there already, in line \(first)")
                } else {
                    lines[name] = key.line
                    members.append(YAMLNode.Member(key: name, line: key.line, value: value))
                }
            case .refused: break
            case .nothing, .list, .mapping: problems.add(key.line, "a key has to be one word, and this is \(key.kind)")
            }
        }
    }

    private func refuse(anchor: Bool, tag: Bool, _ line: Int) {
        if anchor { problems.add(line, "an anchor (&) is not taken; write the value again where it is wanted") }
        if tag { problems.add(line, "a tag (!) is not taken; write the value without it") }
    }

    private func checkDepth(_ depth: Int, _ line: Int) throws(Stop) {
        guard depth < YAMLComposer.deepest else {
            problems.add(line, "this is nested deeper than \(YAMLComposer.deepest) levels")
            throw Stop()
        }
    }

    private func next() throws(Stop) -> Event {
        do {
            return try events.next { event in
                let line = event.line
                switch event.type {
                case YAML_STREAM_END_EVENT: return .end
                case YAML_DOCUMENT_START_EVENT: return .document(line: line)
                case YAML_SCALAR_EVENT:
                    let scalar = event.data.scalar
                    let text = String(
                        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                        as: UTF8.self
                    )
                    let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
                    return .text(
                        text,
                        isPlain: isPlain,
                        anchor: scalar.anchor != nil,
                        tag: scalar.tag != nil,
                        line: line
                    )
                case YAML_ALIAS_EVENT:
                    let name = event.data.alias.anchor.map {
                        String(decoding: UnsafeBufferPointer(start: $0, count: YAMLComposer.length($0)), as: UTF8.self)
                    }
                    return .alias(name ?? "", line: line)
                case YAML_SEQUENCE_START_EVENT:
                    let start = event.data.sequence_start
                    return .list(anchor: start.anchor != nil, tag: start.tag != nil, line: line)
                case YAML_MAPPING_START_EVENT:
                    let start = event.data.mapping_start
                    return .mapping(anchor: start.anchor != nil, tag: start.tag != nil, line: line)
                case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .close
                default: return .other
                }
            }
        } catch {
            let line = error.line ?? 1 + bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
            problems.add(line, "this is no YAML: \(error.text)\(hint(in: line))")
            throw Stop()
        }
    }

    /// What the most common mistake looks like, which libyaml does not name.
    private func hint(in line: Int) -> String {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard line <= lines.count, line > 0 else { return "" }
        let indentation = lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return indentation.contains(UInt8(ascii: "\t")) ? " (a tab cannot indent; use spaces)" : ""
    }

    private static func length(_ text: UnsafePointer<UInt8>) -> Int {
        var length = 0
        while text[length] != 0 { length += 1 }
        return length
    }
}
