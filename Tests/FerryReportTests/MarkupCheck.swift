/// Says whether a document of ours is well-formed: every element closed in order, every attribute quoted, nothing unescaped.
enum MarkupCheck {
    static func problem(in text: String) -> String? {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            if let problem = unescaped(rest[..<start], in: open.last) { return problem }
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: ">") else { return "a tag does not end" }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!DOCTYPE") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return "</\(tag.dropFirst())> closes nothing" }
                continue
            }
            let name = tag.prefix { $0.isLetter || $0.isNumber }
            guard !name.isEmpty else { return "<\(tag)> has no name" }
            if let problem = attributes(tag.dropFirst(name.count)) { return "<\(tag)>: \(problem)" }
            if !tag.hasSuffix("/") { open.append(name) }
        }
        return open.isEmpty ? unescaped(rest, in: nil) : "<\(open.last ?? "")> is not closed"
    }

    private static func attributes(_ text: Substring) -> String? {
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].drop { $0.isWhitespace }
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else { return "\(name) is no name" }
            guard !name.hasPrefix("on"), name != "style" else { return "\(name) is not wanted" }
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
                return "\(name) is not quoted"
            }
            rest = rest[rest.index(after: end)...]
        }
        return rest.allSatisfy { $0.isWhitespace || $0 == "/" } ? nil : "\(rest) is no attribute"
    }

    private static func unescaped(_ text: Substring, in element: Substring?) -> String? {
        guard element != "style" else { return nil }
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            rest = rest[start...]
            let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains { rest.hasPrefix($0) }
            guard known else { return "a bare & in \(rest.prefix(20))" }
            rest = rest.dropFirst()
        }
        return nil
    }
}
