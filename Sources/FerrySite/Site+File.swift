public import FerryCore
public import FerryEvidence
internal import Glibc

extension Site {
    /// Reads the site file at `path`. What it names by a relative path lies in the file's folder.
    /// - Throws: `FerryError` with `ErrorCode.site` that tells why it cannot be read, or of every problem with its line.
    public init(reading path: String) throws(FerryError) {
        let bytes = try Site.bytes(of: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let problems = SiteProblems(source: path)
            problems.add(Site.lineOfBadUTF8(bytes), "this is no UTF-8")
            throw problems.error
        }
        try self.init(parsing: text, from: path)
        resolve(inFolder: Site.folder(of: path))
    }

    /// Makes paths that are relative to `folder` what they are without it.
    mutating func resolve(inFolder folder: String) {
        self.folder = folder
        func resolved(_ path: some StringProtocol) -> String {
            path.hasPrefix("/") || folder == "." ? String(path) : folder == "/" ? "/\(path)" : "\(folder)/\(path)"
        }
        func resolved(_ text: String, after scheme: String) -> String {
            text.hasPrefix(scheme) ? scheme + resolved(text.dropFirst(scheme.utf8.count)) : text
        }
        history = history.map { resolved($0) }
        let monitor = uplink?.monitor.map { resolved($0, after: "file:") }
        uplink?.monitor = monitor
        providerRecords = providerRecords.map { resolved($0, after: "file:") }
        for index in vantages.indices { vantages[index].reach = resolved(vantages[index].reach, after: "unix:") }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// All bytes of a file; of a larger one so many that it is refused.
    private static func bytes(of path: String) throws(FerryError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= largestFile {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path, errno)
            }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ number: Int32) -> FerryError {
        FerryError(
            .site,
            operation: "read",
            subject: "the site file \(path)",
            cause: String(cString: strerror(number)),
            advice: "Check the path and the permission."
        )
    }

    private static func lineOfBadUTF8(_ bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { break }
            line += 1
        }
        return line
    }
}
