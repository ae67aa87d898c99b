internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

/// One scenario put before somebody who diagnoses, in namespaces of its own.
struct Examine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a scenario diagnosed; started by `score`, in namespaces of its own.",
        shouldDisplay: false
    )

    @Option var by: Diagnostician
    @Option var tier: Int?
    @OptionGroup var parameters: ParameterOptions
    @Option var timeScale: Double?
    @Option var keep: String?
    @Option var strategy: String?

    func run() throws {
        LabProcess.endWithParent()
        // Not an argument: whoever diagnoses could read it there.
        guard let file = readLine() else {
            throw ValidationError("The scenario's file is to be told at the standard input.")
        }
        let read = try ScenarioFile(path: file, parameters.choice)
        // Nor is the folder that it lies in at hand.
        _ = FileManager.default.changeCurrentDirectoryPath("/")
        let (scenario, wired) = (read.scenario, read.topology)
        var grants = scenario.grants
        grants.tier = min(grants.tier, tier ?? grants.tier)
        var result = ScoreResult(
            scenario,
            tier: grants.tier,
            by: by.rawValue,
            seed: parameters.seed == 0 ? nil : parameters.seed,
            network: parameters.settings.isEmpty ? nil : parameters.settings.joined(separator: " ")
        )
        if let site = wired.site, let obstacle = Examination.obstacle(scenario, site) {
            result.reason = obstacle
        } else if let site = wired.site {
            do throws(FerryError) {
                try examine(scenario, grants, site, wired, &result)
            } catch {
                result.status = error.code == .labUnsupported ? .skipped : .failed
                result.reason = error.summary
            }
        } else {
            result.reason = "the topology \(wired.name) has no \"site\": nobody knows what to ask of it"
        }
        print(result.json)
    }

    private func examine(
        _ scenario: Scenario,
        _ grants: Grants,
        _ site: Topology.Site,
        _ topology: Topology,
        _ result: inout ScoreResult
    ) throws(FerryError) {
        let range = try NetworkRange(topology)
        let granted = site.granted(grants)
        let outcome = try Examination(scenario, granted, in: range).run { scene throws(FerryError) in
            switch by {
            case .expert:
                let expert = ExpertTree(granted, grants, wait: { Thread.sleep(forTimeInterval: $0 / .seconds(1)) }) {
                    ask throws(FerryError) in try ask.make(granted, in: range)
                }
                return try expert.diagnose()
            case .tree:
                let tree = DecisionTree(granted, grants, wait: { Thread.sleep(forTimeInterval: $0 / .seconds(1)) }) {
                    ask throws(FerryError) in try ask.make(granted, in: range)
                }
                return try tree.diagnose()
            case .telnet:
                return try TelnetSequence(granted, grants) { ask throws(FerryError) in
                    try ask.make(granted, in: range)
                }.diagnose()
            case .ferry:
                return try FerryDiagnosis.run(
                    site,
                    grants,
                    scene,
                    console: topology.console,
                    timeScale: timeScale ?? scenario.timeScale ?? topology.timeScale,
                    in: range
                ) { diagnosis in
                    diagnosis.strategy = strategy
                    diagnosis.kept = keep.map { keep in
                        "\(keep)/\(scenario.name)" + (parameters.seed == 0 ? "" : "-\(parameters.seed)")
                    }
                }
            }
        }
        result.score(
            outcome.verdict,
            scenario.truth,
            seconds: outcome.seconds,
            connects: outcome.connects,
            harm: outcome.harm
        )
    }
}
