/// What GRUB 0.97 can start: menu.lst, also called grub.conf.
enum LegacyGrubConfiguration {
    static func entries(_ text: String, file: String) -> [BootEntry] {
        var entries: [BootEntry] = []
        var chosen = 0
        var title: String?
        var titles = -1
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.words(line.text)
            switch words[0] {
            case "default": chosen = words.dropFirst().first.flatMap { Int($0) } ?? 0
            case "title":
                title = words.dropFirst().joined(separator: " ")
                titles += 1
            case "kernel":
                guard let title, let kernel = words.dropFirst().first(where: { !$0.hasPrefix("--") }) else { continue }
                let arguments = Array(words.drop { $0 != kernel }.dropFirst())
                entries.append(
                    BootEntry(
                        title: title,
                        kernel: kernel,
                        images: [],
                        arguments: arguments,
                        source: file,
                        line: line.number,
                        isDefault: titles == chosen
                    )
                )
            case "initrd":
                if !entries.isEmpty { entries[entries.count - 1].images += words.dropFirst() }
            default: break
            }
        }
        for index in entries.indices { entries[index].isDefault = entries[index].isDefault ?? false }
        return entries
    }
}

/// What EXTLINUX and SYSLINUX can start.
enum ExtlinuxConfiguration {
    static func entries(_ text: String, file: String) -> [BootEntry] {
        let directory = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) } ?? ""
        var entries: [BootEntry] = []
        var label: String?
        var chosen: String?
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.words(line.text)
            let value = words.dropFirst().joined(separator: " ")
            switch words[0].lowercased() {
            case "default": chosen = value
            case "label": label = value
            case "linux", "kernel":
                guard let label, let kernel = words.dropFirst().first else { continue }
                entries.append(
                    BootEntry(
                        title: label,
                        kernel: absolute(kernel),
                        images: [],
                        arguments: [],
                        source: file,
                        line: line.number
                    )
                )
            case "initrd":
                if !entries.isEmpty { entries[entries.count - 1].images += list(value).map { absolute($0) } }
            case "append":
                guard !entries.isEmpty else { continue }
                for word in words.dropFirst() {
                    if word.hasPrefix("initrd=") {
                        entries[entries.count - 1].images += list(String(word.dropFirst(7))).map { absolute($0) }
                    } else {
                        entries[entries.count - 1].arguments.append(word)
                    }
                }
            default: break
            }
        }
        if let chosen, entries.contains(where: { $0.title == chosen }) {
            for index in entries.indices { entries[index].isDefault = entries[index].title == chosen }
        }
        return entries
    }

    private static func list(_ value: String) -> [String] {
        value.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
    }
}
