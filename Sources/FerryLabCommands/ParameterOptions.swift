internal import ArgumentParser
internal import FerryLab

/// How the parameters of a topology or a scenario are chosen.
struct ParameterOptions: ParsableArguments {
    @Option(help: "What the parameters are drawn with: round trips, rates, times and so on; 0 draws none.")
    var seed: UInt64 = 0

    @Option(name: .customLong("set"), help: "A parameter's value, as oneWay=40ms; may be given several times.")
    var settings: [String] = []

    func validate() throws {
        for one in settings where !one.contains("=") {
            throw ValidationError("--set takes NAME=VALUE, and not \(one).")
        }
    }

    var choice: LabParameters.Choice {
        var choice = LabParameters.Choice()
        choice.seed = seed
        for one in settings {
            let parts = one.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            choice.set[String(parts[0])] = String(parts[1])
        }
        return choice
    }

    /// The words that say the same to another process.
    var words: [String] { (seed == 0 ? [] : ["--seed", "\(seed)"]) + settings.flatMap { ["--set", $0] } }
}
