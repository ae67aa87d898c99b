internal import Glibc

/// Reads a small text file of the server, through its root directory.
enum SystemFile {
    /// No file of the resolver's is larger; a larger one is cut here.
    static let longest = 1 << 20

    /// The text of `path` below `root`, or nil if it cannot be read.
    ///
    /// `/etc/resolv.conf` is often a symbolic link to an absolute path, which means a path below `root`, not one
    /// below the root directory of this process.
    static func text(_ path: String, below root: String) -> String? {
        var path = path
        for _ in 0..<8 {
            guard let target = link(root + path) else { break }
            path = target.hasPrefix("/") ? target : directory(of: path) + "/" + target
        }
        let file = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16384)
        while bytes.count < longest {
            let count = read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes.prefix(longest), as: UTF8.self)
    }

    private static func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &target, target.count)
        return count > 0 ? String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func directory(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }
}

/// The lines of a configuration text, cut into words.
enum ConfigurationText {
    /// Every line that says something, with its number from 1 and its words; what follows a comment sign is left out.
    static func lines(_ text: String, comments: [UInt8]) -> [(number: Int, words: [String])] {
        var result: [(number: Int, words: [String])] = []
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let told = line.prefix { !comments.contains($0) }
            let words = told.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if !words.isEmpty { result.append((index + 1, words.map { String(decoding: $0, as: UTF8.self) })) }
        }
        return result
    }
}
