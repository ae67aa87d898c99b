internal import FerryEvidence

/// The report of an incident: what experts would have written by hand.
public struct Report: Sendable {
    /// A language of reports.
    public enum Language: String, Sendable, CaseIterable {
        /// English.
        case english = "en"
        /// Chinese, in simplified characters.
        case chinese = "zh"
    }

    /// A format of reports.
    public enum Format: String, Sendable, CaseIterable {
        /// Markdown.
        case markdown = "md"
        /// One HTML file that fetches nothing.
        case html
    }

    private let incident: Incident

    /// A report of `incident`.
    public init(_ incident: Incident) { self.incident = incident }

    /// The report as text. The same incident gives the same text, whenever it is written.
    public func text(in language: Language, as format: Format) -> String {
        let wording: any Wording = language == .english ? EnglishWording() : ChineseWording()
        let document = ReportWriter(incident, wording).document
        return format == .html ? HTMLReport(report: document).text : MarkdownReport(report: document).text
    }
}
