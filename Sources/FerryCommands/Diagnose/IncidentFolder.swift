internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation

extension ErrorCode {
    /// A diagnosis' folder cannot be written to or read.
    static let incident = ErrorCode("diagnose.incident", .failure)
}

/// The folder that a diagnosis leaves: what was measured as it was measured, and the answer. Written as it goes on, so that one
/// that is interrupted leaves what it has seen.
struct IncidentFolder: Sendable {
    let path: String
    private let records: FileHandle

    /// Makes the folder `path`, or goes on in it.
    init(_ path: String) throws(FerryError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = "\(path)/records.jsonl"
            if !FileManager.default.fileExists(atPath: file) { try Data().write(to: URL(fileURLWithPath: file)) }
            records = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            // A line that was cut off when the last diagnosis ended says nothing; what follows it has to be readable.
            let data = try records.readToEnd() ?? Data()
            let whole =
                data.lastIndex(of: UInt8(ascii: "\n")).map { data.distance(from: data.startIndex, to: $0) + 1 } ?? 0
            try records.truncate(atOffset: UInt64(whole))
            try records.seekToEnd()
        } catch {
            throw IncidentFolder.failed(path, error)
        }
    }

    /// Appends a record and sees to it that it is on disk.
    func append(_ entry: IncidentEntry) throws(FerryError) {
        do {
            try records.write(contentsOf: Data((JSONValue(encoding: entry).json + "\n").utf8))
            try records.synchronize()
        } catch {
            throw IncidentFolder.failed(path, error)
        }
    }

    /// Writes a whole file beside it.
    func write(_ text: String, as name: String) throws(FerryError) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic)
        } catch {
            throw IncidentFolder.failed(path, error)
        }
    }

    private static func failed(_ path: String, _ error: any Error) -> FerryError {
        FerryError(
            .incident,
            operation: "write to",
            subject: "the incident's folder \(path)",
            cause: error.localizedDescription,
            advice: "Make room there, or choose another with --incident."
        )
    }
}
