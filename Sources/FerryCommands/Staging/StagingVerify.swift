internal import ArgumentParser
internal import FerryCore
internal import FerryStaging

/// `ferry staging verify`
struct StagingVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a volume back and compare it with its last generation.",
        discussion: "EXIT STATUS: 0 it agrees, 3 it does not."
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String

    func run() throws {
        let line = ProgressLine()
        defer { line.end() }
        let result = try VolumeCatalog(directory: data).verify(volume) {
            line.show("\(volume): \($0) of \($1) read back")
        }
        line.end()
        guard !result.changedMeanwhile else {
            throw AnswerIsNo(
                text:
                    "a pass has changed the volume \(volume) while it was read, so that nothing is known of generation "
                    + "\(result.generation) or a later one; verify it again when the agent says that its pass was verified"
            )
        }
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
