internal import FerryCore
internal import FerryLab
internal import Foundation

/// What a score is asked for, as examinations: each scenario, with each seed, in each network of the grid.
struct ScoreTasks {
    var by: Diagnostician
    var tier: Int?
    /// 0 for the parameters' defaults.
    var seeds: [UInt64]
    var grid: Bool
    var timeScale: Double?
    var keep: String?
    var strategy: String?

    /// More than anybody waits for.
    private static let most = 100_000

    /// The examinations of the scenario files `paths`.
    func tasks(_ paths: [String]) throws(FerryError) -> [ScoreQueue.Task] {
        var tasks: [ScoreQueue.Task] = []
        for path in paths {
            let matrix = grid ? try ScenarioFile(path: path).parameters.matrix : [[:]]
            guard matrix.count * seeds.count <= ScoreTasks.most else {
                throw FerryError(
                    .labFile,
                    operation: "score",
                    subject: path,
                    cause:
                        "its matrix has \(matrix.count) points, and with \(seeds.count) seeds each that is more than "
                        + "\(ScoreTasks.most)",
                    advice: "Take fewer seeds, or fewer values of each \"grid\"."
                )
            }
            for seed in seeds {
                for values in matrix {
                    var choice = LabParameters.Choice()
                    choice.seed = seed
                    choice.set = values
                    tasks.append(task(path, try ScenarioFile(path: path, choice), choice))
                }
            }
        }
        return tasks
    }

    private func task(
        _ path: String,
        _ file: ScenarioFile,
        _ choice: LabParameters.Choice
    ) -> ScoreQueue.Task {
        let scenario = file.scenario
        let timeScale = timeScale ?? scenario.timeScale ?? file.topology.timeScale
        var words = ["examine", "--by", by.rawValue, "--time-scale", "\(timeScale)"]
        if let tier { words += ["--tier", "\(tier)"] }
        if let keep { words += ["--keep", keep] }
        if let strategy { words += ["--strategy", strategy] }
        if choice.seed != 0 { words += ["--seed", "\(choice.seed)"] }
        let settings = choice.set.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        words += settings.flatMap { ["--set", $0] }
        let nothing = ScoreResult(
            scenario,
            tier: min(scenario.grants.tier, tier ?? scenario.grants.tier),
            by: by.rawValue,
            seed: choice.seed == 0 ? nil : choice.seed,
            network: settings.isEmpty ? nil : settings.joined(separator: " ")
        )
        // A baseline takes what its probes take; each waits 3 s at the most.
        let diagnosis = by == .ferry ? FerryDiagnosis.limit(scenario.grants, timeScale) : .seconds(300)
        return ScoreQueue.Task(nothing: nothing, words: words, path: path, limit: diagnosis + .seconds(120))
    }

    /// The files of what a person calls scenarios: paths, or names such as B51 of those in Lab/scenarios.
    static func paths(_ names: [String], all: Bool) throws(FerryError) -> [String] {
        if all { return try LabFiles.scenarios() }
        var paths: [String] = []
        for name in names { paths.append(try LabFiles.scenarioPath(name)) }
        return paths
    }
}
