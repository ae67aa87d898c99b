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

    @Argument(help: "Scenario files, or names such as B51 of those in Lab/scenarios.")
    var scenarios: [String]

    @OptionGroup var parameters: ParameterOptions

    @Flag(help: "One JSON object for each look, instead of words.")
    var json = false

    @Option(help: "So many at a time, 1 to 16: they mostly wait.")
    var jobs = 4

    func validate() throws {
        guard (1...16).contains(jobs) else { throw ValidationError("--jobs is from 1 to 16, and not \(jobs).") }
    }

    func run() throws {
        try LabNeeds.check()
        let files = try scenarios.map { try LabFiles.scenarioPath($0) }
        for file in files { _ = try ScenarioFile(path: file, parameters.choice) }
        if !json, files.count > 1 {
            print("Playing \(files.count) scenarios, up to \(jobs) at a time; each takes up to 10 s.")
            fflush(nil)
        }
        var waiting = files[...]
        var playing: [Playing] = []
        var (wrong, skipped) = (0, 0)
        let progress = ScenarioProgress(of: files.count)
        var told = ContinuousClock.now
        while !waiting.isEmpty || !playing.isEmpty {
            while playing.count < jobs, let file = waiting.popFirst() { playing.append(try start(file)) }
            // In the order of the files, whichever ends first.
            let status = playing[0].end {
                guard ContinuousClock.now - told > .milliseconds(1500) else { return }
                told = .now
                progress.tell(files.count - waiting.count - playing.count, playing.map(\.name))
            } beforePrinting: {
                progress.end()
            }
            playing.removeFirst()
            guard [0, 3, Play.skipped].contains(status) else {
                for one in playing { one.program.terminate() }
                throw ExitCode(status)
            }
            if status == 3 { wrong += 1 }
            if status == Play.skipped { skipped += 1 }
        }
        if !json {
            let lacking = skipped == 0 ? "" : ", \(skipped) skipped for what this machine lacks"
            print("\(files.count - wrong - skipped) of \(files.count) scenarios show what they claim\(lacking)")
        }
        if wrong > 0 { throw ExitCode(3) }
    }

    private func start(_ file: String) throws -> Playing {
        guard let output = tmpfile() else { throw ExitCode(1) }
        let words = LabProcess.thisProgram(["play", file] + (json ? ["--json"] : []) + parameters.words)
        let name = URL(filePath: file).deletingPathExtension().lastPathComponent
        return Playing(name: name, program: try ChildProgram(words, output: fileno(output)), output: output)
    }

    /// A scenario that is being played, and the file that takes what it says.
    private struct Playing {
        let name: String
        let program: ChildProgram
        let output: UnsafeMutablePointer<FILE>

        /// Waits for its end, prints what it said, and returns its exit status.
        /// - Parameters:
        ///   - waiting: called twenty times a second until then.
        ///   - beforePrinting: called when it has ended.
        func end(_ waiting: () -> Void, beforePrinting: () -> Void) -> Int32 {
            defer { fclose(output) }
            let status = withoutActuallyEscaping(waiting) { program.wait($0) } ?? 1
            beforePrinting()
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
