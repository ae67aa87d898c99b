internal import ArgumentParser
internal import FerryLab
internal import Foundation

struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a network as SVG: the lab that is up, with what is armed, or a topology file."
    )

    @OptionGroup var lab: LabName

    @Argument(help: "The topology file; the lab that is up if not given.")
    var file: String?

    @Option(name: .customLong("arm"), help: "Draw what this scenario breaks: a file, or a name such as B51.")
    var scenario: String?

    @OptionGroup var parameters: ParameterOptions

    func validate() throws {
        if file == nil, scenario == nil, !parameters.words.isEmpty {
            throw ValidationError("--seed and --set are for a file: what is up has its values.")
        }
    }

    func run() throws {
        if let scenario {
            let path = try LabFiles.scenarioPath(scenario)
            let read = try ScenarioFile(path: path, in: file, parameters.choice)
            print(TopologyDrawing(read.topology, armed: read.scenario.fault.map { [.init($0)] } ?? []).svg)
        } else if let file {
            print(TopologyDrawing(try TopologyFile(path: file, parameters.choice).topology, armed: []).svg)
        } else {
            print(try LabChoice.ask(.drawing, lab.name).drawing ?? "")
        }
    }
}
