internal import ArgumentParser
internal import FerryLab
internal import Foundation

struct Arm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Break something.")

    @OptionGroup var fault: FaultOfALab

    func run() throws {
        let answer = try LabChoice.ask(try fault.request { .arm(fault: $0, scenario: $1) }, fault.lab.name)
        print("\(answer.fault ?? fault.name) is armed" + (answer.provoked.map { "; \($0)" } ?? ""))
    }
}

/// A fault and the lab that it is of.
struct FaultOfALab: ParsableArguments {
    @OptionGroup var lab: LabName

    @Argument(
        help: "A fault of the topology (`ferry-lab status` lists them), or a scenario's file or name, such as B51."
    )
    var name: String

    /// The request about it that `make` makes of a fault's name and a scenario's path, one of which is nil.
    func request(_ make: (String?, String?) -> LabRequest) throws -> LabRequest {
        let status = try LabChoice.ask(.status, lab.name).status
        if status?.faults.contains(name) ?? false || status?.armed.contains(where: { $0.name == name }) ?? false {
            return make(name, nil)
        }
        let path = try LabFiles.scenarioPath(name)
        return make(nil, URL(fileURLWithPath: path).path)
    }
}
