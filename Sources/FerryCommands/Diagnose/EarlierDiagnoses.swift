internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation
internal import Glibc

/// What other diagnoses have asked of a suspect, as far as their folders lie beside this one's: those that are over, and those
/// that go on meanwhile.
struct EarlierDiagnoses {
    /// By which it is seen whether a file has changed.
    private struct Mark: Equatable {
        var bytes: Int
        var seconds: Int
        var nanoseconds: Int

        func isBefore(_ other: Mark) -> Bool { (seconds, nanoseconds) < (other.seconds, other.nanoseconds) }
    }

    private let own: URL
    private let within: Double
    private var suspect: SuspectIdentity
    private var counted = CountedConnections()
    private var read: [String: (mark: Mark, records: EarlierRecords)] = [:]

    /// The newest folders that are read: a person waits for this.
    private static let mostFolders = 64

    /// - Parameters:
    ///   - folder: the folder of this diagnosis.
    ///   - seconds: how old the oldest of their connections may be.
    init(of suspect: SuspectIdentity, beside folder: String, within seconds: Double) {
        self.suspect = suspect
        own = URL(fileURLWithPath: folder).standardizedFileURL
        within = seconds
    }

    /// Learns where the suspect's name leads at a vantage.
    mutating func learn(_ record: ProbeRecord) { suspect.learn(record) }

    /// Counts connections that this diagnosis has taken into account before it was left.
    mutating func count(_ connections: [EarlierConnection]) { counted.count(connections) }

    /// Their connections to the suspect that were not told yet, the oldest first. Only files that have changed are read.
    mutating func news() -> [EarlierConnection] {
        for (path, mark) in newest() where read[path]?.mark != mark {
            var records = read[path]?.records ?? EarlierRecords()
            records.read(path)
            read[path] = (mark, records)
        }
        let now = UTCTime.now()
        let all = read.values.flatMap { $0.records.connections(to: suspect, now: now, within: within) }
        return counted.news(of: all.sorted { $0.secondsBefore > $1.secondsBefore })
    }

    /// The records that lie beside this diagnosis' folder, the newest first.
    private func newest() -> [(path: String, mark: Mark)] {
        let parent = own.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        let now = Double(UTCTime.now().microseconds) / 1e6
        var found: [(path: String, mark: Mark)] = []
        for name in names where name != own.lastPathComponent {
            let path = "\(parent)/\(name)/records.jsonl"
            var status = stat()
            // In a folder that others may write to, somebody else's records could have this one wait for hours.
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
                status.st_size > 0, now - Double(status.st_mtim.tv_sec) < within
            else { continue }
            let changed = status.st_mtim
            found.append(
                (path, Mark(bytes: Int(status.st_size), seconds: changed.tv_sec, nanoseconds: changed.tv_nsec))
            )
        }
        return Array(found.sorted { $1.mark.isBefore($0.mark) }.prefix(EarlierDiagnoses.mostFolders))
    }
}
