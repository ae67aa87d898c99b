public import FerryCore
internal import FerryEvidence
internal import Foundation

extension ErrorCode {
    /// Evidence that is named cannot be read.
    public static let evidence = ErrorCode("diagnose.evidence", .input)
}

/// What a diagnosis has noted.
public enum RecordedIncident {
    /// The entries of the file `path`, or of `records.jsonl` in the folder `path`. A last line that was cut off is passed over, and so are
    /// lines with numbers that no diagnosis could have.
    /// - Throws: `FerryError` with `ErrorCode.evidence`.
    public static func entries(_ path: String) throws(FerryError) -> RecordedEntries {
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
        // A last line without its end was cut off.
        let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[...$0] } ?? Data()
        var entries: [IncidentEntry] = []
        var unreadable = whole.count < data.count ? 1 : 0
        for (index, line) in whole.split(separator: UInt8(ascii: "\n")).enumerated() {
            let source = "\(file) line \(index + 1)"
            do throws(FerryError) {
                let value = try JSONValue(parsing: line, from: source)
                let entry = try value.decoded(as: IncidentEntry.self, from: source)
                guard entry.hasPossibleTimes, RecordedNumbers.arePossible(value) else {
                    unreadable += 1
                    continue
                }
                entries.append(entry)
            } catch {
                // What was being written when the power went is lost; the rest is not.
                if index == 0 { throw error }
                unreadable += 1
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
        return RecordedEntries(site: site, all: parsed(entries), unreadable: unreadable)
    }

    /// `entries` with probes of which what is no time and no endpoint is left out: whoever has the file may have written there.
    private static func parsed(_ entries: [IncidentEntry]) -> [IncidentEntry] {
        let began = entries.first?.startedAt.flatMap { UTCTime(parsing: $0) } ?? UTCTime(microseconds: 0)
        return entries.map { entry in
            let time = UTCTime(microseconds: began.microseconds + Int64(entry.at * 1e6))
            var entry = entry
            entry.probes = entry.probes?.map { $0.parsed(otherwiseAt: time) }
            return entry
        }
    }

    /// An engine that was told all of it.
    /// - Returns: it, when the diagnosis began, and how many seconds it took.
    /// - Throws: `FerryError` with `ErrorCode.evidence`.
    public static func read(_ path: String) throws(FerryError) -> (DiagnosisEngine, UTCTime, Double) {
        let entries = try entries(path)
        return engine(of: entries.all, unreadable: entries.unreadable)
    }

    /// The same of entries that were read.
    /// - Parameters:
    ///   - unreadable: how many lines of the records could not be read.
    ///   - weights: how much each finding counts.
    ///   - choosesAgain: as of ``IncidentReplay``.
    public static func engine(
        of entries: [IncidentEntry],
        unreadable: Int = 0,
        weights: EvidenceWeights = .cautious,
        choosesAgain: Bool = true
    ) -> (DiagnosisEngine, UTCTime, Double) {
        let first = entries.first
        let startedAt = first?.startedAt.flatMap { UTCTime(parsing: $0) } ?? .now()
        let site = first?.site ?? Site(suspect: Site.Endpoint(host: "", port: 0))
        let timeScale = first?.timeScale ?? 1
        var engine = DiagnosisEngine(site, tier: first?.tier ?? 3, timeScale: timeScale, weights: weights)
        var replay = IncidentReplay(startedAt: startedAt, choosesAgain: choosesAgain)
        for entry in entries { replay.take(entry, into: &engine) }
        replay.end(into: &engine)
        replay.noteUnreadable(unreadable, in: &engine)
        let last = entries.map { max($0.at, min($0.endedAt ?? 0, 1e9)) }.max() ?? 0
        return (engine, startedAt, last)
    }
}
