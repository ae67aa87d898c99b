import Foundation

/// Everything a call of the program found out, as it is written to a file.
struct Results: Codable {
    struct Skipped: Codable {
        var mover: String
        var why: String
    }

    var began: Date
    var ended: Date?
    var rounds: Int
    var machine: Machine
    var workloads: [WorkloadDisk.Description]
    /// How each mover was run.
    var movers: [String: String]
    var versions: [String: String]
    var skipped: [Skipped]
    var runs: [BenchmarkRun] = []

    /// Writes it as JSON; the file is either the old one or all of the new one.
    func write(to path: String) throws(BenchmarkError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        do {
            try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw BenchmarkError(.failure, "could not write \(path): \(error)")
        }
    }

    /// 0 all is well, 1 a run failed, 3 all could be measured and something is not as promised.
    var exitStatus: Int32 {
        if runs.contains(where: { $0.failure != nil }) { return 1 }
        return runs.contains { !$0.faults.isEmpty } ? 3 : 0
    }
}
