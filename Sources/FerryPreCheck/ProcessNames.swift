/// The names of what is running.
enum ProcessNames {
    /// The names the kernel keeps, at most 15 characters each, every one once; nil if /proc cannot be read.
    static func read(_ files: SourceServerFiles) -> [String]? {
        guard let entries = files.names(in: "/proc") else { return nil }
        let processes = entries.filter { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard !processes.isEmpty else { return nil }
        var names: [String] = []
        for process in processes {
            guard let text = files.text("/proc/\(process)/comm"), let line = ConfigurationLines.of(text).first else {
                continue
            }
            if !names.contains(line.text) { names.append(line.text) }
        }
        return names
    }
}
