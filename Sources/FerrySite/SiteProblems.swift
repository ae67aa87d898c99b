public import FerryCore

extension ErrorCode {
    /// A site file cannot be used as it is.
    public static let site = ErrorCode("input.site", .input)
}

/// What is wrong with a site file, each with its line.
///
/// Reading goes on after a problem, with something harmless in its place, so that all of them are told at once. A class,
/// because the readers of a file's parts share it.
final class SiteProblems {
    /// As many as a person reads; a file that is something else altogether has thousands.
    static let most = 50

    // What is kept, so that a file with a hundred thousand of them takes no time.
    private static let mostKept = 500

    private let source: String
    private var told: [(line: Int, text: String)] = []
    private var others = 0

    /// - Parameter source: the file, for errors.
    init(source: String) { self.source = source }

    var isEmpty: Bool { told.isEmpty }

    /// Whether there are so many that nobody reads more.
    var isFull: Bool { told.count >= SiteProblems.mostKept }

    func add(_ line: Int, _ text: String) {
        guard !isFull else {
            others += 1
            return
        }
        if !told.contains(where: { $0.line == line && $0.text == text }) { told.append((line, text)) }
    }

    /// All of it as one error.
    var error: FerryError {
        // Equal lines keep the order in which they were found: sorting alone does not promise that.
        let sorted = told.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        var lines = sorted.prefix(SiteProblems.most).map { "\(source):\($0.element.line): \($0.element.text)" }
        if sorted.count > SiteProblems.most { lines.append("and \(sorted.count - SiteProblems.most + others) more") }
        return FerryError(
            .site,
            operation: "use",
            subject: source,
            cause: lines.joined(separator: "\n"),
            advice: "Nothing of it was used. docs/manual/site.md says what such a file holds."
        )
    }
}
