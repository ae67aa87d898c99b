public import FerryCore

extension ErrorCode {
    /// A file of the lab cannot be used as it is.
    public static let labFile = ErrorCode("lab.file", .input)
}

/// What is wrong with a file of the lab, each with its line.
struct LabFileProblems {
    let path: String
    private var told: [(line: Int, text: String)] = []

    init(path: String) { self.path = path }

    var isEmpty: Bool { told.isEmpty }

    /// Each problem, in the order of the file.
    var lines: [String] { told.sorted { $0.line < $1.line }.map(\.text) }

    mutating func add(_ line: Int?, _ text: String) {
        let text = line.map { "\(path):\($0): \(text)" } ?? "\(path): \(text)"
        // What holds for both directions of a line is read for each.
        if !told.contains(where: { $0.text == text }) { told.append((line ?? 0, text)) }
    }

    /// All of it as one error.
    var error: FerryError {
        FerryError(
            .labFile,
            operation: "use",
            subject: path,
            cause: lines.joined(separator: "\n"),
            advice: "Nothing of it was used. docs/manual/lab.md says what such a file holds."
        )
    }
}
