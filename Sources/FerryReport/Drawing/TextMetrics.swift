/// How wide texts are, roughly: there is no font to ask.
enum TextMetrics {
    /// How many columns of a terminal.
    static func columns(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + (isWide($1) ? 2 : 1) } }

    /// In pixels at a font size.
    static func width(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + (isWide($1) ? 1.0 : 0.56) * size }
    }

    /// How much wider bold letters are.
    static let boldness = 1.2

    /// With spaces up to so many columns.
    static func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - self.columns(text)))
    }

    /// In lines of at most `width` pixels, broken at spaces, after hyphens and between Chinese characters; at most `most` lines.
    static func wrapped(_ text: String, width: Double, size: Double, most: Int) -> [String] {
        var pieces: [String] = []
        for character in text {
            let breaks = pieces.last.map { last in
                last.hasSuffix(" ") || last.hasSuffix("-") || isWide(character.unicodeScalars.first ?? " ")
                    || isWide(last.unicodeScalars.last ?? " ")
            }
            if breaks ?? true { pieces.append("\(character)") } else { pieces[pieces.count - 1].append(character) }
        }
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, self.width(last + piece, size: size) <= width || piece == " " {
                lines[lines.count - 1] = last + piece
            } else {
                lines.append(piece)
            }
        }
        let whole = lines.map { cut($0, width: width, size: size) }
        guard whole.count > most else { return whole }
        return whole.prefix(most - 1) + [cut(whole[most - 1] + "…", width: width, size: size, always: true)]
    }

    /// The beginning of a text, as much as fits.
    static func cut(_ text: String, width: Double, size: Double, always: Bool = false) -> String {
        guard self.width(text, size: size) > width else { return text }
        var result = text
        while !result.isEmpty, self.width(result + "…", size: size) > width { result.removeLast() }
        return result + "…"
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        (0x1100...0x115F).contains(scalar.value) || (0x2E80...0xA4CF).contains(scalar.value)
            || (0xAC00...0xD7A3).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
            || (0xFE30...0xFE6F).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
            || (0x1F300...0x1FAFF).contains(scalar.value) || (0x20000...0x3FFFD).contains(scalar.value)
    }
}
