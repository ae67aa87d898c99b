internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play scenarios: look, break, look, mend, look.",
        discussion: """
            Each in a network of its own, which is gone afterwards. While the fault is armed, plain connections have to meet \
            what the scenario says; before and after, they have to be well.

            EXIT STATUS: 0 every look was as the scenarios say, 1 Ferry failed, 2 the input is wrong, 3 a look was not.
            """
    )

    @Argument(help: "Scenario files.")
    var files: [String]

    @Flag(help: "One JSON object for each look, instead of words.")
    var json = false

    @Option(help: "So many at a time, 1 to 16: they mostly wait.")
    var jobs = 4

    func validate() throws {
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs is from 1 to 16, and not \(jobs).") }
    }

    func run() throws {
        try LabNeeds.check()
        for file in files { _ = try LabFiles.scenario(file) }
        if !json, files.count > 1 {
            print("Playing \(files.count) scenarios, up to \(jobs) at a time; each takes up to 10 s.")
            fflush(nil)
        }
        var waiting = files[...]
        var playing: [Playing] = []
        var wrong = 0
        while !waiting.isEmpty || !playing.isEmpty {
            while playing.count < jobs, let file = waiting.popFirst() { playing.append(try start(file)) }
            // In the order of the files, whichever ends first.
            let status = playing.removeFirst().end()
            guard [0, 3].contains(status) else {
                for one in playing { one.program.terminate() }
                throw ExitCode(status)
            }
            if status == 3 { wrong += 1 }
        }
        if !json { print("\(files.count - wrong) of \(files.count) scenarios show what they claim") }
        if wrong > 0 { throw ExitCode(3) }
    }

    private func start(_ file: String) throws -> Playing {
        guard let output = tmpfile() else { throw ExitCode(1) }
        let words = LabProcess.thisProgram(["play", file] + (json ? ["--json"] : []))
        return Playing(program: try ChildProgram(words, output: fileno(output)), output: output)
    }

    /// A scenario that is being played, and the file that takes what it says.
    private struct Playing {
        let program: ChildProgram
        let output: UnsafeMutablePointer<FILE>

        /// Waits for its end, prints what it said, and returns its exit status.
        func end() -> Int32 {
            defer { fclose(output) }
            let status = program.wait() ?? 1
            let said = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
            defer { said.deallocate() }
            rewind(output)
            while true {
                let count = fread(said.baseAddress, 1, said.count, output)
                if count == 0 { return status }
                FileHandle.standardOutput.write(Data(said[..<count]))
            }
        }
    }
}

/// One scenario, in namespaces of its own.
struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a scenario; started by `run`, in namespaces of its own.",
        shouldDisplay: false
    )

    @Argument var file: String
    @Flag var json = false

    func run() throws {
        let scenario = try LabFiles.scenario(file)
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        let topology = try LabFiles.topology(folder.appendingPathComponent(scenario.topology).path)
        let start = ContinuousClock.now
        let range = try NetworkRange(topology)
        if !json { print("\(scenario.name): \(scenario.title)") }
        let isRight = try ScenarioRun(scenario, in: range).run { json ? tellJSON($0, scenario) : tell($0) }
        if !json {
            print("  \(isRight ? "as claimed" : "NOT as claimed"), \(LabText.seconds(ContinuousClock.now - start))")
        }
        if !isRight { throw ExitCode(3) }
    }

    private func tell(_ look: ScenarioRun.Look) {
        let probe = look.probe
        let way = "\(probe.node) -> \(probe.address):\(probe.port)"
        let wanted = look.isRight ? "" : "  SHOULD BE \(look.expected.map(\.rawValue).joined(separator: " or "))"
        let padded = way.padding(toLength: 36, withPad: " ", startingAt: 0)
        let moment = look.moment.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
        print(
            "  \(moment) \(padded) \(look.result.outcome.rawValue) (\(LabText.milliseconds(look.result.time)))\(wanted)"
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
                json.member("connectMilliseconds", LabText.value(look.result.connectTime))
                json.member("milliseconds", LabText.value(look.result.time))
                json.member("right", look.isRight)
            }
        )
    }
}

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List scenarios: name, truth and title.")

    @Argument(help: "Scenario files; those of Lab/scenarios if none is given.")
    var files: [String] = []

    func run() throws {
        for file in try files.isEmpty ? LabFiles.scenarios() : files {
            let scenario = try LabFiles.scenario(file)
            let name = scenario.name.padding(toLength: 6, withPad: " ", startingAt: 0)
            let causes = scenario.truth.causes.joined(separator: "+").padding(toLength: 26, withPad: " ", startingAt: 0)
            print("\(name) \(causes) \(scenario.title)")
        }
    }
}

enum LabText {
    /// A duration in milliseconds.
    static func value(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    }

    static func milliseconds(_ duration: Duration) -> String { "\(Int(value(duration).rounded())) ms" }

    static func seconds(_ duration: Duration) -> String { String(format: "%.1f s", value(duration) / 1e3) }
}
