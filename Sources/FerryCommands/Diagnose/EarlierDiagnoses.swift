internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation

/// What diagnoses have just asked of a suspect, as far as their folders lie beside this one's.
struct EarlierDiagnoses {
    let site: Site
    let timeScale: Double

    /// The newest folders that are read, and bytes of one: a person waits for this.
    private static let mostFolders = 16
    private static let mostBytes = 8 << 20

    /// Their connections to the suspect, the oldest first.
    /// - Parameters:
    ///   - folder: the folder of this diagnosis.
    ///   - now: when it begins.
    func connections(beside folder: String, now: UTCTime) -> [EarlierConnection] {
        let suspect = site.suspect
        let within = (site.guards ?? Site.Guards()).longestWait * timeScale
        var found: [EarlierConnection] = []
        for path in records(beside: folder, changedWithin: within).prefix(EarlierDiagnoses.mostFolders) {
            guard let earlier = try? RecordedIncident.entries(path), earlier.site.suspect.host == suspect.host else {
                continue
            }
            found += EarlierConnection.all(of: earlier.all, now: now, within: within)
        }
        return found.filter { $0.plan.host == suspect.host }.sorted { $0.secondsBefore > $1.secondsBefore }
    }

    /// The records that lie beside `folder`, the newest first.
    private func records(beside folder: String, changedWithin seconds: Double) -> [String] {
        let own = URL(fileURLWithPath: folder).standardizedFileURL
        let parent = own.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        var dated: [(path: String, changed: Date)] = []
        for name in names where name != own.lastPathComponent {
            let path = "\(parent)/\(name)/records.jsonl"
            // In a folder that others may write to, somebody else's records could have this one wait for hours.
            guard let about = try? FileManager.default.attributesOfItem(atPath: path),
                about[.type] as? FileAttributeType == .typeRegular,
                about[.ownerAccountID] as? Int == Int(geteuid()),
                let size = about[.size] as? Int, (1...EarlierDiagnoses.mostBytes).contains(size),
                let changed = about[.modificationDate] as? Date, -changed.timeIntervalSinceNow < seconds
            else { continue }
            dated.append((path, changed))
        }
        return dated.sorted { $0.changed > $1.changed }.map(\.path)
    }
}
