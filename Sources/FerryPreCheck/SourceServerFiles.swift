internal import Glibc

/// The files of the source server, below a directory that takes the place of its root. Reads, and never writes.
public struct SourceServerFiles: Sendable {
    /// The directory, without a slash at its end.
    public let root: String

    /// The files below `root`.
    public init(root: String = "/") {
        var root = root
        while root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    /// The files of the server this process runs on.
    ///
    /// In a chroot that holds only the agent and `/proc`, they are seen through `/proc/1/root`, the root directory of
    /// the first process; that needs root's rights.
    public static func ofThisServer() -> SourceServerFiles {
        let candidates = ["/", "/proc/1/root"].map { SourceServerFiles(root: $0) }
        return candidates.first { $0.names(in: "/etc") != nil } ?? candidates[0]
    }

    /// The path of `path` for this process, with every symbolic link on the way followed below `root`: a link to
    /// `/run/x` means the source server's `/run/x`. Nil if the links go in a circle.
    func located(_ path: String) -> String? {
        var waiting = Array(path.split(separator: "/").map(String.init).reversed())
        var walked: [String] = []
        var links = 0
        while let part = waiting.popLast() {
            if part == "." { continue }
            if part == ".." {
                _ = walked.popLast()
                continue
            }
            let place = root + "/" + (walked + [part]).joined(separator: "/")
            guard let target = SourceServerFiles.link(place) else {
                walked.append(part)
                continue
            }
            links += 1
            guard links <= 40 else { return nil }
            if target.hasPrefix("/") { walked = [] }
            waiting += target.split(separator: "/").map(String.init).reversed()
        }
        return root + "/" + walked.joined(separator: "/")
    }

    /// What the symbolic link `path` holds; nil if it is none.
    func link(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        guard let last = parts.last, let directory = located(parts.dropLast().joined(separator: "/")) else {
            return nil
        }
        return SourceServerFiles.link(directory + "/" + last)
    }

    /// The path `path` leads to, below `root` again; nil if the links go in a circle.
    func resolved(_ path: String) -> String? { located(path).map { String($0.dropFirst(root.count)) } }

    func exists(_ path: String) -> Bool { located(path).map { access($0, F_OK) == 0 } ?? false }

    /// The names in a directory, sorted; nil if it cannot be read.
    func names(in path: String) -> [String]? {
        guard let place = located(path), let directory = opendir(place) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a regular file, at most `longest` bytes of it; nil if it cannot be read.
    func text(_ path: String, longest: Int = 4 << 20) -> String? {
        guard let stream = stream(path) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < longest {
            guard let piece = stream.next() else { return nil }
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        return String(decoding: bytes.prefix(longest), as: UTF8.self)
    }

    /// A regular file to be read from its start; nil if it cannot be opened.
    func stream(_ path: String) -> SourceFileStream? { located(path).flatMap { SourceFileStream($0) } }

    private static func link(_ place: String) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(place, &target, target.count)
        return count > 0 ? String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}

/// A regular file being read in pieces, closed with its last reference.
final class SourceFileStream {
    private let file: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init?(_ place: String) {
        // A name may turn out to be a pipe, which must not make the pre-check wait.
        file = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// The next piece, empty at the end; nil if reading fails.
    func next() -> ArraySlice<UInt8>? {
        while true {
            let count = read(file, &buffer, buffer.count)
            if count >= 0 { return buffer[..<count] }
            guard errno == EINTR else { return nil }
        }
    }
}
