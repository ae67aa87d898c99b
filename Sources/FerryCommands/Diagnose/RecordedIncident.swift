internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation

/// What a diagnosis has noted.
enum RecordedIncident {
    /// The entries of the file `path`, or of `records.jsonl` in the folder `path`. A last line that was cut off is passed over.
    /// - Returns: the entries, and the site that the first one has.
    static func entries(_ path: String) throws(FerryError) -> (site: Site, all: [IncidentEntry]) {
        var isFolder: ObjCBool = false
        let file =
            FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
            ? "\(path)/records.jsonl" : path
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
            throw FerryError(
                .evidence,
                operation: "read",
                subject: file,
                cause: "there is no such file, or it may not be read",
                advice: "Name the folder that `ferry diagnose` left, or its records.jsonl."
            )
        }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        var entries: [IncidentEntry] = []
        for (index, line) in lines.enumerated() {
            do throws(FerryError) {
                entries.append(
                    try JSONValue(parsing: line, from: "\(file) line \(index + 1)").decoded(
                        as: IncidentEntry.self,
                        from: "\(file) line \(index + 1)"
                    )
                )
            } catch {
                if index < lines.count - 1 { throw error }
            }
        }
        guard let site = entries.first?.site else {
            throw FerryError(
                .evidence,
                operation: "use",
                subject: file,
                cause: "it does not begin with a site",
                advice: "Name the records.jsonl of a diagnosis."
            )
        }
        return (site, entries)
    }

    /// An engine that was told all of it.
    /// - Returns: it, when the diagnosis began, and how many seconds it took.
    static func read(_ path: String) throws(FerryError) -> (DiagnosisEngine, UTCTime, Double) {
        let (site, entries) = try entries(path)
        let first = entries.first
        let startedAt = first?.startedAt.flatMap { UTCTime(parsing: $0) } ?? .now()
        var engine = DiagnosisEngine(site, tier: first?.tier ?? 3, timeScale: first?.timeScale ?? 1)
        for entry in entries { IncidentReplay.take(entry, into: &engine, startedAt: startedAt) }
        return (engine, startedAt, entries.last?.at ?? 0)
    }
}
