internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold a lab; started by `up`, in namespaces of its own.",
        shouldDisplay: false
    )

    @Argument var file: String
    @Option var folder: String
    @OptionGroup var parameters: ParameterOptions

    func run() throws {
        // The lab outlives the terminal that it was started from.
        setsid()
        let topology = try TopologyFile(path: file, parameters.choice).topology
        let listener = try LabSocket.listen(at: "\(folder)/socket")
        let hold = try LabHold(topology, path: file, parameters.choice)
        let said = Array("up \(hold.seconds)\n".utf8)
        _ = write(STDOUT_FILENO, said, said.count)
        close(STDOUT_FILENO)
        hold.serve(listener)
    }
}
