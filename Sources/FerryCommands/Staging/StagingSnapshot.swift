internal import ArgumentParser
internal import FerryCore
internal import FerryStaging

/// `ferry staging snapshot`
struct StagingSnapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Copy a volume's last generation to a file that later passes do not touch.",
        discussion: """
            Where the file system can share blocks (xfs, btrfs) the copy takes no room; elsewhere what has content is \
            copied. Every chunk is compared with the generation's manifest.

            EXIT STATUS: 0 written, 3 there is no generation that the volume holds now.
            """
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String
    @Option(help: "The file to write; it must not exist.") var out: String

    func run() throws {
        let line = ProgressLine()
        defer { line.end() }
        let snapshot = try AnswerIsNo.insteadOfNotReady {
            try VolumeCatalog(directory: data)
                .snapshot(volume, to: out) { line.show("\(volume): \($0) of \($1) copied and compared") }
        }
        line.end()
        let how =
            switch snapshot.method {
            case .reflink: "sharing its blocks with the volume (reflink)"
            case .copy: "as a sparse copy, since blocks cannot be shared there"
            }
        print("\(volume): generation \(snapshot.generation) is in \(out), \(how)")
        print("  \(snapshot.dataBytes) of content compared with the manifest, agrees")
    }
}
