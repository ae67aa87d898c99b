internal import FerryCore

/// Text as HTML or SVG.
enum HTMLText {
    /// A text of which nothing is markup, whoever has written it; for content and for quoted attributes.
    static func escaped(_ text: String, keepsLines: Bool = false) -> String {
        var result = ""
        for character in VisibleText.of(text, keepsLines: keepsLines).unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// A name for a place in the document: letters, digits and hyphens, whatever it was.
    static func anchor(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}
