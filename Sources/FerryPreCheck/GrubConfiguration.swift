/// The variables GRUB keeps between two starts: /boot/grub/grubenv.
struct GrubEnvironment {
    private var text = ""

    static func read(_ files: SourceServerFiles) -> GrubEnvironment {
        let places = ["/boot/grub2/grubenv", "/boot/grub/grubenv"]
        return GrubEnvironment(text: places.lazy.compactMap { files.text($0) }.first ?? "")
    }

    init(text: String = "") { self.text = text }

    /// The value of `name`; nil if it has none or an empty one.
    subscript(name: String) -> String? {
        ConfigurationLines.values(of: name, in: text).last.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// What GRUB 2 can start, as far as a script can be understood without running it: menu entries, their nesting, and
/// the assignments to `default`.
struct GrubConfiguration {
    let file: String
    let environment: GrubEnvironment
    private(set) var entries: [BootEntry] = []
    /// Whether the menu also holds the files of /boot/loader/entries.
    private(set) var readsLoaderEntries = false
    /// The value of `default`.
    private(set) var chosen: String?

    /// A menu entry or a submenu: its number among its neighbours, its title, its identifier.
    private struct Place {
        var number: Int
        var title: String
        var identifier: String?

        func isCalled(_ name: String) -> Bool { name == String(number) || name == title || name == identifier }
    }

    private var paths: [[Place]] = []

    init(file: String, environment: GrubEnvironment) {
        self.file = file
        self.environment = environment
    }

    mutating func read(_ text: String) {
        // A block is a place in the menu, or nil for a function's body.
        var blocks: [Place?] = []
        var counts = [0]
        var entry: BootEntry?
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.shellWords(line.text)
            guard let first = words.first else { continue }
            switch first {
            case "menuentry", "submenu":
                let place = Place(
                    number: counts.last ?? 0,
                    title: words.dropFirst().first ?? "",
                    identifier: identifier(words)
                )
                counts[counts.count - 1] += 1
                counts.append(0)
                blocks.append(place)
                entry = nil
            case "}":
                if let block = blocks.popLast(), block != nil, counts.count > 1 { counts.removeLast() }
                if let entry {
                    entries.append(entry)
                    paths.append(currentPath)
                }
                entry = nil
            case "linux", "linux16", "linuxefi":
                guard words.count > 1, let title = blocks.last??.title else { continue }
                currentPath = blocks.compactMap { $0 }
                entry = BootEntry(
                    title: title,
                    kernel: words[1],
                    images: [],
                    arguments: Array(words.dropFirst(2)),
                    source: file,
                    line: line.number
                )
            case "initrd", "initrd16", "initrdefi": entry?.images += words.dropFirst()
            case "blscfg": readsLoaderEntries = true
            case "set" where words.count > 1: assign(words[1])
            default:
                if words.last == "{" { blocks.append(nil) }
            }
        }
        markDefault()
    }

    private var currentPath: [Place] = []

    private func identifier(_ words: [String]) -> String? {
        for option in ["--id", "$menuentry_id_option"] {
            if let index = words.firstIndex(of: option), index + 1 < words.count { return words[index + 1] }
        }
        return nil
    }

    /// Both branches of an `if` are seen, so a value that stands in a variable counts only if the variable has one.
    private mutating func assign(_ word: String) {
        guard let (name, value) = ConfigurationLines.halves(word, at: "="), name == "default" else { return }
        let bare = value.unicodeScalars.filter { $0 != "$" && $0 != "{" && $0 != "}" }
        if value.hasPrefix("$") {
            chosen = environment[String(String.UnicodeScalarView(bare))] ?? chosen
        } else if chosen == nil || !value.isEmpty, environment["next_entry"] == nil {
            chosen = value
        }
    }

    private mutating func markDefault() {
        guard !entries.isEmpty else { return }
        let parts = (chosen ?? "0").utf8.split(separator: UInt8(ascii: ">")).map { String(Substring($0)) }
        var found: Int?
        for (index, path) in paths.enumerated() where found == nil {
            // A choice that ends at a submenu starts the first entry in it.
            let rest = path.dropFirst(parts.count)
            if path.count >= parts.count, zip(path, parts).allSatisfy({ $0.isCalled($1) }),
                rest.allSatisfy({ $0.number == 0 })
            {
                found = index
            }
        }
        guard let found else { return }
        for index in entries.indices { entries[index].isDefault = index == found }
    }
}
