/// Makes what strangers have written harmless to look at: names in captures and banners of services come from whoever was
/// talked with.
public enum VisibleText {
    /// The text with every character visible: controls, and those that turn the direction of writing, become `⟨U+202E⟩`.
    /// - Parameters:
    ///   - keepsLines: leaves the ends of lines as they are.
    ///   - most: so many of its Unicode scalars are taken, however few characters they make.
    public static func of(_ text: String, keepsLines: Bool = false, most: Int = .max) -> String {
        let text = most == .max ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
        guard text.unicodeScalars.contains(where: isUnseen) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isUnseen(scalar) || (keepsLines && scalar == "\n") {
                result.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                result.append(contentsOf: "⟨U+\(padded)⟩".unicodeScalars)
            }
        }
        return String(result)
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isNoncharacterCodePoint
        }
    }
}
