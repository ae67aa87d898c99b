internal import FerryCore

/// The parameters of a topology and a scenario, with what they are in one run.
public struct LabParameters: Sendable, Equatable {
    /// How the values of a run are chosen.
    public struct Choice: Sendable, Equatable {
        /// What the chances begin with; 0 leaves everything as it is without a seed.
        public var seed: UInt64 = 0
        /// Values that somebody has set.
        public var set: [String: String] = [:]

        /// Everything as it is without a seed.
        public init() {}
    }

    private(set) var all: [LabParameter] = []
    private(set) var values: [String: String] = [:]

    /// What `$name` stands for in this run, by name.
    public var drawn: [(name: String, value: String)] { all.map { ($0.name, values[$0.name] ?? $0.standard) } }

    /// Names and values of the full matrix: every combination of what takes part in it.
    public var matrix: [[String: String]] {
        all.filter { !$0.grid.isEmpty }.reduce([[:]]) { combinations, parameter in
            combinations.flatMap { one in
                parameter.grid.map { value in one.merging([parameter.name: value]) { $1 } }
            }
        }
    }

    /// Reads the `parameters` of files, of which later ones replace those of earlier ones, and draws.
    /// - Throws: `FerryError` with `ErrorCode.labFile` with every problem and its line.
    init(of files: [(text: String, path: String)], subject: String, _ choice: Choice) throws(FerryError) {
        for (text, path) in files {
            try LabFileReader.readPart(text, path: path) { reader in
                guard let below = reader.mapping("parameters") else { return }
                for name in below.keys {
                    guard let parameter = LabParameter(name, below) else { continue }
                    all.removeAll { $0.name == name }
                    all.append(parameter)
                }
            }
        }
        for parameter in all { values[parameter.name] = parameter.value(seed: choice.seed, subject: subject) }
        for (name, value) in choice.set {
            guard values[name] != nil else {
                throw FerryError(
                    .labUnknown,
                    operation: "set",
                    subject: "the parameter \(name)",
                    cause: "there is no such parameter",
                    advice: "There are \(all.map(\.name).sorted().joined(separator: ", "))."
                )
            }
            values[name] = value
        }
    }

    /// `text` with the values in the place of their names. A name is the longest run of letters and digits after `$`, or what is
    /// between `$(` and `)`; `$$`
    /// is `$`.
    /// - Throws: `FerryError` with `ErrorCode.labFile`, with the line of each name that is unknown.
    func filled(_ text: String, path: String) throws(FerryError) -> String {
        var problems = LabFileProblems(path: path)
        var out = ""
        out.reserveCapacity(text.count)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if number > 0 { out += "\n" }
            var rest = line[...]
            // A comment may speak of anything.
            if rest.first(where: { $0 != " " }) == "#" {
                out += rest
                continue
            }
            // Also at the end of a line.
            let comment = rest.firstRange(of: " #")?.lowerBound ?? rest.endIndex
            while let sign = rest[..<max(rest.startIndex, min(comment, rest.endIndex))].firstIndex(of: "$") {
                out += rest[..<sign]
                rest = rest[rest.index(after: sign)...]
                if rest.first == "$" {
                    out += "$"
                    rest = rest.dropFirst()
                    continue
                }
                let isBraced = rest.first == "("
                if isBraced { rest = rest.dropFirst() }
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
                if let value = values[String(name)] {
                    out += value
                } else {
                    problems.add(number + 1, "there is no parameter \"\(name)\" for \"$\(name)\"")
                }
                rest = rest[name.endIndex...]
                if isBraced {
                    if rest.first != ")" { problems.add(number + 1, "\"$(\(name)\" is not closed with \")\"") }
                    rest = rest.dropFirst()
                }
            }
            out += rest
        }
        guard problems.isEmpty else { throw problems.error }
        return out
    }
}

extension LabParameter {
    /// Reads one, `name: value` or `name: { default, from and to or of, grid }`.
    fileprivate init?(_ name: String, _ reader: LabFileReader) {
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !name.isEmpty else {
            reader.problem("\"\(name)\" is no name of a parameter: letters and digits", at: name)
            return nil
        }
        guard reader.isMapping(name) else {
            self.init(name: name, standard: reader.text(name) ?? "", choice: nil)
            return
        }
        guard let below = reader.mapping(name) else { return nil }
        defer { below.finish() }
        let standard = below.required("default")
        let words = below.texts("of")
        let grid = below.texts("grid")
        let (from, to) = (below.text("from").flatMap(Self.number), below.text("to").flatMap(Self.number))
        if !words.isEmpty {
            self.init(name: name, standard: standard, choice: .of(words), grid: grid)
        } else if let from, let to, from.unit == to.unit, from.value <= to.value {
            let choice = Choice.between(from.value, to.value, unit: from.unit, isWhole: from.isWhole && to.isWhole)
            self.init(name: name, standard: standard, choice: choice, grid: grid)
        } else {
            below.problem("a parameter needs \"of\", or \"from\" and \"to\" with the same unit, the smaller first")
            return nil
        }
    }

    private static func number(_ text: String) -> (value: Double, unit: String, isWhole: Bool)? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let value = Double(digits), value < 1e12 else { return nil }
        return (value, String(text[digits.endIndex...]), !digits.contains("."))
    }
}
