internal import ArgumentParser
internal import FerryCore
internal import FerryStaging

/// `ferry staging verify`
struct StagingVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads a volume back and compares it with its last generation.",
        discussion: "EXIT STATUS: 0 it agrees, 3 it does not."
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String

    func run() throws {
        let result = try VolumeCatalog(directory: data).verify(volume)
        guard result.wrongRegions.isEmpty, result.agreesWithGeneration else {
            let what =
                result.wrongRegions.isEmpty
                ? "has changed since generation \(result.generation): a pass is under way"
                : "differs from its manifest in \(result.wrongRegions.count) regions of 1 MiB, the first at "
                    + "\(ByteCount(UInt64(result.wrongRegions[0]) << 20))"
            throw AnswerIsNo(text: "the volume \(volume) \(what); let its agent replicate again")
        }
        print("\(volume): generation \(result.generation), \(ByteCount(result.dataBytes)) read back, agrees")
    }
}
