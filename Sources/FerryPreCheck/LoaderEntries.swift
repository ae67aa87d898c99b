/// The menu of systemd-boot, and of GRUB where it follows the Boot Loader Specification: one file for each entry.
enum LoaderEntries {
    static func read(
        _ files: SourceServerFiles,
        directory: String,
        chosen: String?,
        environment: GrubEnvironment
    ) -> [BootEntry] {
        let names = (files.names(in: directory) ?? []).filter { $0.hasSuffix(".conf") }
        var entries: [(name: String, entry: BootEntry)] = []
        for name in names {
            guard let text = files.text("\(directory)/\(name)"),
                let entry = entry(text, source: "\(directory)/\(name)", environment)
            else { continue }
            entries.append((String(name.dropLast(5)), entry))
        }
        // Without a choice the newest one starts, and what is newest is the boot loader's own opinion.
        if let chosen, entries.contains(where: { $0.name == chosen || $0.name + ".conf" == chosen }) {
            for index in entries.indices {
                entries[index].entry.isDefault =
                    entries[index].name == chosen || entries[index].name + ".conf" == chosen
            }
        }
        return entries.map(\.entry)
    }

    private static func entry(_ text: String, source: String, _ environment: GrubEnvironment) -> BootEntry? {
        var entry = BootEntry(title: "", kernel: "", images: [], arguments: [], source: source, line: 1)
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.words(line.text)
            let value = words.dropFirst().joined(separator: " ")
            switch words[0] {
            case "title": entry.title = value
            case "linux":
                entry.kernel = value
                entry.line = line.number
            case "initrd": entry.images += words.dropFirst().filter { !$0.hasPrefix("$") }
            case "options":
                entry.arguments += words.dropFirst().flatMap { word in
                    word.hasPrefix("$") ? ConfigurationLines.words(environment[String(word.dropFirst())] ?? "") : [word]
                }
            default: break
            }
        }
        return entry.kernel.isEmpty ? nil : entry
    }
}
