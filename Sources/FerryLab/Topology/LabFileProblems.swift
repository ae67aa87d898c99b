public import FerryCore

extension ErrorCode {
    /// A file of the lab cannot be used as it is.
    public static let labFile = ErrorCode("lab.file", .input)
}

/// What is wrong with a file of the lab, each with its line.
struct LabFileProblems {
    let path: String
    private(set) var lines: [String] = []

    init(path: String) { self.path = path }

    var isEmpty: Bool { lines.isEmpty }

    mutating func add(_ line: Int?, _ text: String) {
        let told = line.map { "\(path):\($0): \(text)" } ?? "\(path): \(text)"
        // What holds for both directions of a line is read for each.
        if !lines.contains(told) { lines.append(told) }
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
