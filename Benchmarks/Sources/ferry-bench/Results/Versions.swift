internal import Foundation

/// What the programs say of their versions, for a reader who wants to repeat the numbers.
enum Versions {
    private static let commands: [String: [String]] = [
        "nbdcopy": ["nbdkit", "--version"], "nbdcopy-aes": ["nbdkit", "--version"], "rsync": ["rsync", "--version"],
        "partclone": ["partclone.ext4", "--version"], "dd": ["zstd", "--version"], "casync": ["casync", "--version"],
        "restic": ["restic", "version"],
    ]

    /// The first line of what a mover's program says; nil if it says nothing.
    static func version(of mover: String) -> String? {
        guard let words = commands[mover], let result = try? Tool.attempt(words) else { return nil }
        let text = result.output + "\n" + result.complaints
        return text.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
