internal import ArgumentParser
internal import FerryLab

struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a topology as SVG, with what is armed in a lab that is up."
    )

    @OptionGroup var lab: LabName

    @Argument(help: "The topology file.")
    var file: String

    func run() throws {
        let topology = try TopologyFile(path: file).topology
        let folder = LabFolder(name: lab.name ?? topology.name)
        let armed = folder.process == nil ? [] : try LabChoice.ask(.status, folder.name).status?.armed ?? []
        print(TopologyDrawing(topology, armed: topology.faults.filter { armed.contains($0.name) }).svg)
    }
}
