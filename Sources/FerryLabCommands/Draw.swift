internal import ArgumentParser
internal import FerryLab

struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a topology as SVG, with what is armed in a lab that is up."
    )

    @OptionGroup var lab: LabName

    @Argument(help: "The topology file.")
    var file = "Lab/topologies/case.yaml"

    @Option(
        name: .customLong("arm"),
        help: "Draw what this scenario breaks, though no lab is up: a file, or a name such as B51."
    )
    var scenario: String?

    func run() throws {
        if let scenario {
            let read = try ScenarioFile(path: try LabFiles.scenarioPath(scenario))
            print(TopologyDrawing(read.topology, armed: read.scenario.fault.map { [.init($0)] } ?? []).svg)
            return
        }
        let topology = try TopologyFile(path: file).topology
        let folder = LabFolder(name: lab.name ?? topology.name)
        let armed = folder.process == nil ? [] : try LabChoice.ask(.status, folder.name).status?.armed ?? []
        print(TopologyDrawing(topology, armed: armed).svg)
    }
}
