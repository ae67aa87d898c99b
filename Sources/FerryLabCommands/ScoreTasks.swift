internal import FerryCore
internal import FerryLab
internal import Foundation

/// What a score is asked for, as examinations: each scenario, with each seed, in each network of the grid.
struct ScoreTasks {
    var by: Diagnostician
    var tier: Int?
    var seeds: UInt64?
    var grid: Bool
    var timeScale: Double

    /// The examinations of the scenario files `paths`.
    func tasks(_ paths: [String]) throws(FerryError) -> [ScoreQueue.Task] {
        var tasks: [ScoreQueue.Task] = []
        let seeds: [UInt64?] = seeds.map { (1...$0).map { $0 } } ?? [nil]
        let networks: [NetworkVariation?] = grid ? NetworkVariation.grid : [nil]
        for path in paths {
            let scenario = try LabFiles.scenario(path)
            for seed in seeds {
                for network in networks { tasks.append(task(path, scenario, seed, network)) }
            }
        }
        return tasks
    }

    private func task(
        _ path: String,
        _ scenario: Scenario,
        _ seed: UInt64?,
        _ network: NetworkVariation?
    ) -> ScoreQueue.Task {
        var words = ["examine", path, "--by", by.rawValue, "--time-scale", "\(timeScale)"]
        if let tier { words += ["--tier", "\(tier)"] }
        if let seed { words += ["--seed", "\(seed)"] }
        if let roundTrip = network?.roundTrip { words += ["--round-trip", "\(roundTrip)"] }
        if let noise = network?.noise { words += ["--noise", "\(noise)"] }
        let nothing = ScoreResult(
            scenario,
            tier: min(scenario.grants.tier, tier ?? scenario.grants.tier),
            by: by.rawValue,
            seed: seed,
            network: network?.text
        )
        // A baseline takes what its probes take; each waits 3 s at the most.
        let diagnosis = by == .ferry ? FerryDiagnosis.limit(scenario.grants, timeScale) : .seconds(300)
        return ScoreQueue.Task(nothing: nothing, words: words, limit: diagnosis + .seconds(120))
    }

    /// The files of what a person calls scenarios: paths, or names such as B51 of those in Lab/scenarios.
    static func paths(_ names: [String], all: Bool) throws(FerryError) -> [String] {
        if all { return try LabFiles.scenarios() }
        var paths: [String] = []
        for name in names {
            if FileManager.default.fileExists(atPath: name) {
                paths.append(name)
                continue
            }
            let known = try LabFiles.scenarios()
            let found = known.filter { file in
                let last = file.split(separator: "/").last?.lowercased() ?? ""
                return last.hasPrefix(name.lowercased() + "-") || last == name.lowercased() + ".yaml"
            }
            guard !found.isEmpty else {
                throw FerryError(
                    .labUnknown,
                    operation: "find",
                    subject: "the scenario \(name)",
                    cause: "there is no such file, and Lab/scenarios has none of that name",
                    advice: "`ferry-lab list` lists them."
                )
            }
            paths += found
        }
        return paths
    }
}
