internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation

/// What diagnoses have just asked of a suspect, as far as their folders lie beside this one's.
struct EarlierDiagnoses {
    let suspect: Site.Endpoint
    let timeScale: Double

    /// The longest wait of the guards, in seconds of the real scale.
    private static let memory = 7680.0
    /// Folders and bytes that are looked at: more is no diagnosis of the last hours.
    private static let mostFolders = 1000
    private static let mostBytes = 64 << 20

    /// Their connections to the suspect.
    /// - Parameters:
    ///   - folder: the folder of this diagnosis.
    ///   - now: when it begins.
    func connections(beside folder: String, now: UTCTime) -> [EarlierConnection] {
        let own = URL(fileURLWithPath: folder).standardizedFileURL
        let parent = own.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        var found: [EarlierConnection] = []
        for name in names.sorted().suffix(EarlierDiagnoses.mostFolders) where name != own.lastPathComponent {
            let path = "\(parent)/\(name)/records.jsonl"
            guard let about = try? FileManager.default.attributesOfItem(atPath: path),
                let size = about[.size] as? Int, (1...EarlierDiagnoses.mostBytes).contains(size),
                let changed = about[.modificationDate] as? Date,
                -changed.timeIntervalSinceNow < EarlierDiagnoses.memory * timeScale,
                let records = try? RecordedIncident.entries(path), records.site.suspect.host == suspect.host
            else { continue }
            let within = EarlierDiagnoses.memory * timeScale
            found += EarlierConnection.all(of: records.all, now: now, within: within).filter {
                $0.plan.host == suspect.host
            }
        }
        return found.sorted { $0.secondsBefore > $1.secondsBefore }
    }
}
