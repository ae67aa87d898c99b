/// Text from a file of somebody else, as it may be shown to a person: a terminal does what control characters say.
public enum ForeignText {
    /// How many characters of a name are shown.
    static let longestName = 64

    /// `text` with `\u{…}` in place of every character that is not seen but does something.
    /// - Parameter keepsLines: leaves ends of lines and tabs as they are.
    public static func printable(_ text: some StringProtocol, keepsLines: Bool = false) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if isPlain(scalar) || (keepsLines && (scalar == "\n" || scalar == "\t")) {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return shown
    }

    /// A name of at most a line.
    static func name(_ text: some StringProtocol) -> String {
        let isLonger = text.unicodeScalars.count > longestName
        return printable(String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestName))))
            + (isLonger ? "..." : "")
    }

    /// Control characters move the cursor and more; format characters turn the direction of what follows; a line
    /// separator begins a line that looks like Ferry's own.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
