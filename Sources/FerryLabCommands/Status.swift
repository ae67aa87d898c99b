internal import ArgumentParser
internal import FerryLab
internal import Foundation

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say which labs are up, and how they go.")

    @OptionGroup var lab: LabName

    @Flag(help: "JSON instead of words.")
    var json = false

    func run() throws {
        let names = lab.name.map { [$0] } ?? LabFolder.up.map(\.name)
        if names.isEmpty, !json { print("No lab is up.") }
        for name in names {
            guard let status = try LabChoice.ask(.status, name).status else { continue }
            if json {
                print(String(decoding: try JSONEncoder().encode(status), as: UTF8.self))
            } else {
                tell(name, status)
            }
        }
    }

    private func tell(_ name: String, _ status: LabAnswer.Status) {
        print("\(name): topology \(status.topology), \(status.nodes.count) nodes")
        print("  nodes   \(status.nodes.map(\.name).joined(separator: " "))")
        print("  faults  \(status.faults.isEmpty ? "none" : status.faults.joined(separator: " "))")
        print("  armed   \(status.armed.isEmpty ? "none" : status.armed.map(\.name).joined(separator: " "))")
        for way in status.ways {
            print(
                "  line    \(way.link): \(way.received[0]) packets in, \(way.delivered[0]) delivered, "
                    + "\(way.dropped[0]) dropped; back \(way.received[1]), \(way.delivered[1]), \(way.dropped[1])"
            )
        }
    }
}
