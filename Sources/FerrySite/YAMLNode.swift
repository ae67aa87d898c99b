/// A value of a YAML file, with the line that it begins at.
struct YAMLNode: Equatable {
    enum Content: Equatable {
        /// Nothing: an empty place, `~` or `null`.
        case nothing
        /// One value; whether it looks like a number is for whoever reads it to say.
        case text(String)
        case list([YAMLNode])
        case mapping([Member])
        /// Something that was told as a problem already: whoever meets it says nothing more.
        case refused
    }

    struct Member: Equatable {
        var key: String
        var line: Int
        var value: YAMLNode
    }

    var content: Content
    var line: Int

    /// The one value that it is.
    var text: String? { if case .text(let text) = content { text } else { nil } }

    /// What it is, for a sentence that says it should be something else.
    var kind: String {
        switch content {
        case .nothing: "nothing"
        case .text: "one value"
        case .list: "a list"
        case .mapping: "a mapping"
        case .refused: "refused"
        }
    }
}
