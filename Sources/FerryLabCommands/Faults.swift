internal import ArgumentParser
internal import FerryLab

struct Arm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Break something.")

    @OptionGroup var lab: LabName

    @Argument(help: "The fault; `ferry-lab status` lists them.")
    var fault: String

    func run() throws {
        _ = try LabChoice.ask(.arm(fault: fault), lab.name)
        print("\(fault) is armed")
    }
}

struct Disarm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mend what was broken.")

    @OptionGroup var lab: LabName

    @Argument(help: "The fault.")
    var fault: String

    func run() throws {
        _ = try LabChoice.ask(.disarm(fault: fault), lab.name)
        print("\(fault) is disarmed")
    }
}
