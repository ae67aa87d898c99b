internal import FerryCore

extension String {
    /// The text as it may stand in a log, though a stranger chose it: on one line, with nothing in it that a terminal
    /// obeys or that shows it otherwise than it is, and not endless.
    var logged: String {
        var text = ""
        for scalar in unicodeScalars.prefix(1000) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > 1000 ? text + "..." : text
    }
}

extension FerryError {
    /// The error as it may stand in a log.
    var logged: String { description.logged }
}
