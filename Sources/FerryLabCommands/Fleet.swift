internal import ArgumentParser
internal import FerryCore
internal import FerryLab
internal import Foundation

struct Fleet: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move a fleet: real agents in every source server's namespace, one staging server.",
        discussion: """
            Measures what the lab itself takes, apart from Ferry. Nothing of it is left afterwards. It wants room for the \
            volumes, the size of a disk for each source server at the most, in TMPDIR.

            EXIT STATUS: 0 every job is verified, 1 Ferry failed or was stopped, 2 the input is wrong, 3 a job is not verified.
            """
    )

    @OptionGroup var fleet: FleetArguments

    func run() throws {
        let topology = try TopologyFile(path: fleet.topology).topology
        try LabNeeds.check(nodes: topology.keepingSources(fleet.sources).nodes.count)
        _ = try FerryPrograms.find()
        // This process becomes the lab's: whoever ends it ends all of it.
        throw LabProcess.become(LabProcess.thisProgram(["move"] + fleet.words))
    }
}

/// What `fleet` hands on to itself in namespaces of its own.
struct FleetArguments: ParsableArguments {
    @Option(help: "Source servers, 1 to 500.")
    var sources = 500

    @Option(help: "Jobs at a time, 1 to 500; the next begins when one ends.")
    var atOnce = 32

    @Option(help: "The size of each source server's disk, 1MiB to 1GiB.")
    var disk = "8MiB"

    @Option(help: "Memory that each agent may use, 32MiB or more.")
    var memory = "32MiB"

    @Option(help: "A job that takes longer than so many seconds has failed.")
    var limit = 600

    @Option(help: "The topology file.")
    var topology = "Lab/topologies/fleet.yaml"

    @Flag(help: "One JSON object a line, instead of words.")
    var json = false

    func validate() throws {
        guard (1...500).contains(sources) else {
            throw ValidationError("--sources is from 1 to 500, and not \(sources).")
        }
        guard (1...500).contains(atOnce) else {
            throw ValidationError("--at-once is from 1 to 500, and not \(atOnce).")
        }
        guard (1...86400).contains(limit) else {
            throw ValidationError("--limit is from 1 to 86400 seconds, and not \(limit).")
        }
        guard let disk = try? ByteCount(parsing: disk), disk >= .mebibytes(1), disk <= .gibibytes(1),
            disk.isMultiple(of: .kibibytes(4))
        else {
            throw ValidationError("--disk is from 1MiB to 1GiB in steps of 4KiB, and not \(disk).")
        }
        guard let memory = try? ByteCount(parsing: memory), memory >= .mebibytes(32) else {
            throw ValidationError(
                "--memory is 32MiB or more, which is the least that an agent takes, and not \(memory)."
            )
        }
    }

    var options: FleetOptions {
        get throws(FerryError) {
            FleetOptions(
                sources: sources,
                atOnce: atOnce,
                disk: try ByteCount(parsing: disk),
                memory: try ByteCount(parsing: memory),
                limit: .seconds(limit)
            )
        }
    }

    var words: [String] {
        [
            "--sources", "\(sources)", "--at-once", "\(atOnce)", "--disk", disk, "--memory", memory, "--limit",
            "\(limit)", "--topology", topology,
        ] + (json ? ["--json"] : [])
    }
}
