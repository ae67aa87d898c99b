internal import ArgumentParser
internal import FerryLab

struct Arm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Break something.")

    @OptionGroup var fault: FaultOfALab

    func run() throws {
        _ = try LabChoice.ask(.arm(fault: fault.name), fault.lab.name)
        print("\(fault.name) is armed")
    }
}

/// A fault and the lab that it is of.
struct FaultOfALab: ParsableArguments {
    @OptionGroup var lab: LabName

    @Argument(help: "The fault; `ferry-lab status` lists them.")
    var name: String
}
