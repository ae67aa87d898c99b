internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

/// The moving of a fleet, in namespaces of its own.
struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move a fleet; started by `fleet`, in namespaces of its own.",
        shouldDisplay: false
    )

    @OptionGroup var fleet: FleetArguments

    func run() throws {
        PendingStop.begin()
        let topology = try TopologyFile(path: fleet.topology).topology
        let run = try FleetRun(topology, try fleet.options, try FerryPrograms.find())
        let text = FleetText(isJSON: fleet.json)
        var last: FleetProgress?
        let report = try run.run { progress in
            // Once a second, and whenever something else begins.
            if progress.phase != last?.phase || progress.seconds - (last?.seconds ?? 0) >= 1 {
                print(text.line(progress, after: last))
                fflush(nil)
                last = progress
            }
            return !PendingStop.isWanted
        }
        guard let report else {
            print(text.stopped)
            throw ExitCode(1)
        }
        print(text.report(report))
        if report.verified < report.options.sources { throw ExitCode(3) }
    }
}
