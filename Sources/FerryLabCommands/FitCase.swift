internal import FerryCore
internal import FerryDiagnosis
internal import FerryLab
internal import Foundation

/// A diagnosis that was kept, with the truth.
struct FitCase: Sendable {
    let entries: [IncidentEntry]
    let truth: Scenario.Truth
    let tier: Int
    /// Whether weights are fitted to it; else they are only tried on it.
    let isLearned: Bool

    /// Those in `folder`: below it one of each scenario, with the seed after a dash.
    static func all(in folder: String) throws(FerryError) -> [FitCase] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw FerryError(
                .labFile,
                operation: "read",
                subject: folder,
                cause: "there is no such folder, or it may not be read",
                advice: "Name one that `ferry-lab score --by ferry --keep FOLDER` left."
            )
        }
        var cases: [FitCase] = []
        for name in names.sorted() {
            let records = "\(folder)/\(name)/incident/records.jsonl"
            guard FileManager.default.fileExists(atPath: records) else { continue }
            let parts = name.split(separator: "-", maxSplits: 1)
            let seed = parts.count == 2 ? UInt64(parts[1]) ?? 0 : 0
            var choice = LabParameters.Choice()
            choice.seed = seed
            let scenario = try ScenarioFile(path: try LabFiles.scenarioPath(String(parts[0])), choice).scenario
            let entries = try RecordedIncident.entries(records).all
            cases.append(
                FitCase(
                    entries: entries,
                    truth: scenario.truth,
                    tier: entries.first?.tier ?? 3,
                    isLearned: seed % 2 == 1
                )
            )
        }
        return cases
    }

    /// What an engine believes that counts findings by `weights`.
    func diagnosed(_ weights: EvidenceWeights) -> (engine: DiagnosisEngine, startedAt: UTCTime) {
        let (engine, startedAt, _) = RecordedIncident.engine(of: entries, weights: weights, choosesAgain: false)
        return (engine, startedAt)
    }

    /// The logarithm of the probability of the true remedy, turned over; nil where it cannot be known.
    func loss(_ weights: EvidenceWeights) -> Double? {
        guard !truth.refusal else { return nil }
        let share = diagnosed(weights).engine.leadingRemedies.first { $0.remedy.rawValue == truth.remedy }?.share ?? 0
        // What lies below says only how sure it is of something else.
        return -log(max(share, 0.001))
    }
}
