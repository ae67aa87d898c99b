internal import ArgumentParser
internal import FerryCore
internal import FerryStaging
internal import Glibc

/// `ferry staging export`
struct StagingExport: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case raw, qcow2, vpc }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a volume's last generation as an image file.",
        discussion: """
            Every chunk is compared with the generation's manifest; a server and its agents may be at work meanwhile.

            qcow2 and vpc are made by qemu-img from a copy that no pass can touch. Beside --out there must be room for \
            the image's content, and as much again for the copy where the file system cannot share blocks (xfs and \
            btrfs can). The copy is gone at the end, whatever the end is.

            EXIT STATUS: 0 written, 1 it could not be, also because a pass has changed the volume; 2 the input is wrong.
            """
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String
    @Option(help: "raw, qcow2 or vpc (VHD).") var format: Format
    @Option(help: "The file to write; it must not exist.") var out: String

    func run() throws {
        if format != .raw { try ExternalTool.require("qemu-img", package: "qemu-utils") }
        let line = ProgressLine()
        defer { line.end() }
        let catalog = try VolumeCatalog(directory: data)
        let copied: VolumeCatalog.Progress = { line.show("\(volume): \($0) of \($1) copied and compared") }
        let snapshot =
            switch format {
            case .raw: try catalog.snapshot(volume, to: out, progress: copied)
            case .qcow2, .vpc:
                try catalog.export(volume, to: out, progress: copied) { source, target in
                    try convert(source, to: target, line)
                }
            }
        line.end()
        print("\(volume): generation \(snapshot.generation) exported as \(format.rawValue) to \(out)")
        print("  \(snapshot.dataBytes) of content compared with the manifest, agrees")
    }

    private func convert(_ source: String, to target: String, _ line: ProgressLine) throws {
        try ExternalTool.run(
            "qemu-img",
            ["convert", "-f", "raw", "-O", format.rawValue]
                + (format == .vpc ? ["-o", "subformat=dynamic,force_size=on"] : [])
                // A colon at its beginning would make a protocol of a name.
                + [source, target.hasPrefix("/") ? target : "./\(target)"],
            package: "qemu-utils"
        ) {
            var status = stat()
            let written = stat(target, &status) == 0 ? UInt64(status.st_blocks) * 512 : 0
            line.show("\(volume): \(ByteCount(written)) of \(format.rawValue) written")
        }
    }
}
