internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a story with real agents in it: `ferry-lab replay case`.",
        discussion: """
            Everything stands in a network of its own, which is gone afterwards.

            EXIT STATUS: 0 everything was as the story says, 1 Ferry failed or was stopped, 2 the input is wrong, \
            3 something was not.
            """
    )

    @Argument(help: "A timeline file, or the name of one of those in Lab/timelines.")
    var story: String

    @OptionGroup var parameters: ParameterOptions

    func run() throws {
        let path = story.contains("/") || story.hasSuffix(".yaml") ? story : "Lab/timelines/\(story).yaml"
        _ = try TimelineFile(path: path, parameters.choice)
        try LabNeeds.check()
        _ = try FerryPrograms.find()
        // This process becomes the lab's: whoever ends it ends all of it.
        throw LabProcess.become(LabProcess.thisProgram(["relive", path] + parameters.words))
    }
}

/// The playing of a story, in namespaces of its own.
struct Relive: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a story; started by `replay`, in namespaces of its own.",
        shouldDisplay: false
    )

    @Argument var path: String
    @OptionGroup var parameters: ParameterOptions

    func run() throws {
        PendingStop.begin()
        let file = try TimelineFile(path: path, parameters.choice)
        let topology = file.topology
        let run = try TimelineRun(
            file,
            try FerryPrograms.find(),
            goesOn: { !PendingStop.isWanted },
            diagnose: { site, grants, scene, range throws(FerryError) in
                try FerryDiagnosis.run(
                    site,
                    grants,
                    scene,
                    console: topology.console,
                    timeScale: topology.timeScale,
                    in: range
                )
            }
        ) { line in
            print(line)
            fflush(nil)
        }
        let isRight = try run.run()
        if PendingStop.isWanted {
            print("Stopped; nothing of the network is left.")
            throw ExitCode(1)
        }
        if !isRight { throw ExitCode(3) }
    }
}
