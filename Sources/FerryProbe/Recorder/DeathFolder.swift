internal import Glibc

/// A folder of recordings, of which the oldest go when there are too many.
struct DeathFolder {
    let path: String

    /// The recordings, oldest first: their names are their times.
    var files: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".pcap") { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes the oldest, so that with one more there are `most`.
    func makeRoom(for most: Int) {
        let files = files
        guard files.count >= most else { return }
        for name in files.prefix(files.count - most + 1) { unlink("\(path)/\(name)") }
    }
}
