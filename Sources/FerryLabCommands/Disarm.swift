internal import ArgumentParser
internal import FerryLab

struct Disarm: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mend what was broken.")

    @OptionGroup var fault: FaultOfALab

    func run() throws {
        let name = try LabChoice.ask(try fault.request { .disarm(fault: $0, scenario: $1) }, fault.lab.name).fault
        print("\(name ?? fault.name) is disarmed")
    }
}
