internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

/// One scenario, in namespaces of its own.
struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a scenario; started by `run`, in namespaces of its own.",
        shouldDisplay: false
    )

    @Argument var file: String
    @Flag var json = false
    @OptionGroup var parameters: ParameterOptions

    /// The exit status of a scenario that needs what this machine lacks.
    static let skipped: Int32 = 5

    func run() throws {
        LabProcess.endWithParent()
        let played = try ScenarioFile(path: file, parameters.choice)
        let scenario = played.scenario
        let start = ContinuousClock.now
        let range = try NetworkRange(played.topology)
        for note in range.notes where !json { print("note: \(note)") }
        if !json { print("\(scenario.name): \(scenario.title)\(told(played.parameters))") }
        var run = ScenarioRun(scenario, in: range)
        let isRight: Bool
        do throws(FerryError) {
            isRight = try run.run { json ? tellJSON($0, scenario) : tell($0) }
        } catch {
            guard error.code == .labUnsupported else { throw error }
            let skipped = JSONText.object {
                $0.member("scenario", scenario.name)
                $0.member("skipped", error.cause)
            }
            print(json ? skipped : "  skipped: \(error.cause)")
            throw ExitCode(Play.skipped)
        }
        if !json {
            print("  \(isRight ? "as claimed" : "NOT as claimed"), \(PlayText.seconds(ContinuousClock.now - start))")
        }
        if !isRight { throw ExitCode(3) }
    }

    /// What was drawn, if anything was.
    private func told(_ all: LabParameters) -> String {
        if parameters.words.isEmpty { return "" }
        return " [" + all.drawn.map { "\($0.name)=\($0.value)" }.joined(separator: " ") + "]"
    }

    private func tell(_ look: ScenarioRun.Look) {
        let probe = look.probe
        let way = "\(probe.node) -> \(probe.address):\(probe.port)"
        var wanted = look.isRight ? "" : "  SHOULD BE \(look.expected.map(\.rawValue).joined(separator: " or "))"
        for one in look.shown.subtracting(look.result.evidence) { wanted += ", with \(one.rawValue)" }
        for one in look.hidden.intersection(look.result.evidence) { wanted += ", without \(one.rawValue)" }
        let padded = way.padding(toLength: 36, withPad: " ", startingAt: 0)
        let moment = look.moment.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
        let evidence = look.shown.isEmpty ? "" : " " + look.shown.map(\.rawValue).sorted().joined(separator: " ")
        print(
            "  \(moment) \(padded) \(look.result.outcome.rawValue)\(evidence) "
                + "(\(PlayText.milliseconds(look.result.time)))\(wanted)"
        )
    }

    private func tellJSON(_ look: ScenarioRun.Look, _ scenario: Scenario) {
        print(
            JSONText.object { json in
                json.member("scenario", scenario.name)
                json.member("moment", look.moment.rawValue)
                json.member("from", look.probe.node)
                json.member("to", "\(look.probe.address):\(look.probe.port)")
                json.member("outcome", look.result.outcome.rawValue)
                json.member("expected", array: { list in for one in look.expected { list.value(one.rawValue) } })
                json.member(
                    "evidence",
                    array: { list in
                        for one in look.result.evidence.map(\.rawValue).sorted() { list.value(one) }
                    }
                )
                json.member("connectMilliseconds", PlayText.value(look.result.connectTime))
                json.member("milliseconds", PlayText.value(look.result.time))
                json.member("right", look.isRight)
            }
        )
    }
}

/// Durations as looks tell them.
private enum PlayText {
    /// A duration in milliseconds.
    static func value(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    }

    static func milliseconds(_ duration: Duration) -> String { "\(Int(value(duration).rounded())) ms" }

    static func seconds(_ duration: Duration) -> String { String(format: "%.1f s", value(duration) / 1e3) }
}
