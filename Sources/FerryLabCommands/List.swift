internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List scenarios: name, truth and title.")

    @Argument(help: "Scenario files; those of Lab/scenarios if none is given.")
    var files: [String] = []

    func run() throws {
        for file in try files.isEmpty ? LabFiles.scenarios() : files {
            let scenario = try ScenarioFile(path: file).scenario
            let name = scenario.name.padding(toLength: 6, withPad: " ", startingAt: 0)
            let causes = scenario.truth.causes.joined(separator: "+").padding(toLength: 26, withPad: " ", startingAt: 0)
            print("\(name) \(causes) \(scenario.title)")
        }
    }
}
