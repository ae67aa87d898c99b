internal import ArgumentParser
internal import FerryLab

struct Disarm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mend what was broken.")

    @OptionGroup var fault: FaultOfALab

    func run() throws {
        _ = try LabChoice.ask(.disarm(fault: fault.name), fault.lab.name)
        print("\(fault.name) is disarmed")
    }
}
