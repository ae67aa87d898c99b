internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Score: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have scenarios diagnosed, and compare the answers with the truth.",
        discussion: """
            Each in a network of its own, which is gone afterwards: the fault is armed and provoked, the diagnosis runs with what \
            the scenario grants, and its answer is compared. A scenario that cannot be run is a line in the card.

            EXIT STATUS: 0 scored, 1 Ferry failed, 2 the input is wrong, 3 the remedy is right less often than --gate wants.
            """
    )

    @Argument(help: "Scenario files, or names such as B51 of those in Lab/scenarios.")
    var scenarios: [String] = []

    @Flag(help: "All of Lab/scenarios.")
    var all = false

    @Option(
        help: """
            Who diagnoses: ferry, expert (what a careful engineer tries by hand), tree (the flow chart of a runbook) or telnet \
            (what was done in the case). Ferry if it can diagnose, else the expert.
            """
    )
    var by: Diagnostician?

    @Option(help: "Grant no more than this privilege tier, 0 to 3, whatever the scenario grants.")
    var tier: Int?

    @Option(
        help: """
            Each scenario with these seeds, that its parameters are drawn by: 6 for those from 1 to 6, 7-8 for two that come \
            after; at most 1000.
            """
    )
    var seeds: SeedRange?

    @Flag(help: "Each scenario in the full matrix of what its topology varies: round trip, congestion control, noise.")
    var grid = false

    @Flag(help: "One JSON object for each scenario and one for the total, instead of words.")
    var json = false

    @Option(help: "Write the card to this file as HTML, too.")
    var html: String?

    @Option(help: "So many at a time, 1 to 16: they mostly wait.")
    var jobs = 4

    @Option(help: "What ferry multiplies its waits by, 0.001 to 10; what scenario or topology say if not given.")
    var timeScale: Double?

    @Option(help: "Keep what ferry was given, said and measured in this folder, one below it for each scenario.")
    var keep: String?

    @Option(help: "How ferry chooses experiments: gain, battery (all once) or random.")
    var strategy: String?

    @Option(help: "End with 3 if the remedy is right in less than this share, 0 to 1.")
    var gate: Double?

    func validate() throws {
        guard all != !scenarios.isEmpty else { throw ValidationError("Name scenarios, or say --all.") }
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs is from 1 to 16, and not \(jobs).") }
        if let timeScale, !(0.001...10).contains(timeScale) {
            throw ValidationError("--time-scale is from 0.001 to 10, and not \(timeScale).")
        }
        if let tier, !(0...3).contains(tier) { throw ValidationError("--tier is from 0 to 3, and not \(tier).") }
        if let gate, !(0...1).contains(gate) { throw ValidationError("--gate is from 0 to 1, and not \(gate).") }
    }

    func run() throws {
        let paths = try ScoreTasks.paths(scenarios, all: all)
        let who = by ?? Diagnostician.usual
        try who.check()
        let tasks = try ScoreTasks(
            by: who,
            tier: tier,
            seeds: seeds?.seeds ?? [0],
            grid: grid,
            timeScale: timeScale,
            keep: keep.map { URL(fileURLWithPath: $0).path },
            strategy: strategy
        ).tasks(paths)
        try LabNeeds.check()
        ScenarioProgress.line(
            "Scoring \(tasks.count) diagnoses by \(who.rawValue)\(Score.why(by, who)), \(jobs) at a time."
        )
        let progress = ScenarioProgress(of: tasks.count)
        let card = ScoreCard(ScoreQueue(tasks).run(jobs: jobs, progress.tell))
        progress.end()
        if let html { try write(card.html(by: who.rawValue), to: html) }
        if json {
            for result in card.results { print(result.json) }
            print(card.totalJSON)
        } else {
            print(card.text)
        }
        fflush(nil)
        if let gate, (card.remedy.value ?? 0) < gate { throw ExitCode(3) }
    }

    private static func why(_ asked: Diagnostician?, _ who: Diagnostician) -> String {
        guard asked == nil, who != .ferry, let obstacle = Diagnostician.obstacleToFerry else { return "" }
        return " (\(obstacle))"
    }

    private func write(_ text: String, to path: String) throws(FerryError) {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw FerryError(
                .labOutput,
                operation: "write",
                subject: path,
                cause: error.localizedDescription,
                advice: "Name a file in a folder that is there and that you may write to."
            )
        }
    }
}

extension ErrorCode {
    /// A file that was asked for cannot be written.
    static let labOutput = ErrorCode("lab.output", .input)
}
