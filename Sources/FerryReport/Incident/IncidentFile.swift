internal import FerryCore
internal import Glibc

/// Reads files of an incident's folder.
enum IncidentFile {
    /// The largest file that is read: the records of a day of probes have some MiB.
    static let largest = 256 << 20
    /// What was measured.
    static let records = "records.jsonl"

    /// All bytes of a file; nil if there is none.
    static func bytes(of path: String) throws(FerryError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unreadable(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path, String(cString: strerror(errno)))
            }
            bytes += buffer[..<count]
            guard bytes.count <= largest else { throw unreadable(path, "it has more than \(largest >> 20) MiB") }
        }
    }

    /// The JSON values of a file with one on each line, and the lines that are none. Nothing if there is no such file.
    static func lines(of path: String) throws(FerryError) -> (values: [JSONValue], unreadable: Int) {
        guard let bytes = try bytes(of: path) else { return ([], 0) }
        return values(in: bytes, from: path)
    }

    /// The JSON values of a text with one on each line, and the lines that are none.
    static func values(in bytes: [UInt8], from path: String) -> (values: [JSONValue], unreadable: Int) {
        var values: [JSONValue] = []
        var unreadable = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
            if let value = try? JSONValue(parsing: line, from: path) { values.append(value) } else { unreadable += 1 }
        }
        return (values, unreadable)
    }

    /// The names of the files in a folder, sorted.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted()
    }

    /// The folder of an incident that is named by itself or by its records; nil if `path` is neither.
    static func folder(of path: String) -> String? {
        if let directory = opendir(path) {
            closedir(directory)
            return path
        }
        if path == records { return "." }
        return path.hasSuffix("/\(records)") ? String(path.dropLast(records.count)) : nil
    }

    private static func unreadable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .reportIncident,
            operation: "read",
            subject: path,
            cause: cause,
            advice: "Name the folder that ferry diagnose has written, with permission to read it."
        )
    }
}
