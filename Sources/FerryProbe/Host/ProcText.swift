internal import Glibc

/// Text of /proc.
enum ProcText {
    /// A host with a million connections has a table of 150 MiB; what is larger than this is cut.
    private static let longest = 256 << 20

    /// What `path` says; nil if it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while all.count < longest {
            let count = read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            all += piece[..<count]
        }
        return all
    }

    /// The lines of `path`, each cut into words.
    static func words(_ path: String) -> [[String]] {
        (bytes(path) ?? []).split(separator: UInt8(ascii: "\n")).map { line in
            line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
