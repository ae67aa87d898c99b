internal import ArgumentParser
internal import FerryCore
internal import FerryStaging
internal import Glibc

/// `ferry staging export`
struct StagingExport: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case raw, qcow2, vpc }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a volume's last generation as an image file."
    )

    @Argument(help: "The volume, as JOB/DISK.") var volume: String
    @Option(help: "The data directory.") var data: String
    @Option(help: "raw, qcow2 or vpc (VHD).") var format: Format
    @Option(help: "The file to write; it must not exist.") var out: String

    func run() throws {
        guard access(out, F_OK) != 0 else {
            throw FerryError(
                .stagingData,
                operation: "export to",
                subject: out,
                cause: "there is such a file already",
                advice: "Name another file with --out."
            )
        }
        let source = try VolumeCatalog(directory: data).verifiedPath(of: volume)
        try ExternalTool.run(
            "qemu-img",
            ["convert", "-f", "raw", "-O", format.rawValue]
                + (format == .vpc ? ["-o", "subformat=dynamic,force_size=on"] : [])
                + [source, "\(out).partial"],
            package: "qemu-utils"
        )
        guard rename("\(out).partial", out) == 0 else {
            throw FerryError(
                .stagingData,
                operation: "export to",
                subject: out,
                cause: String(cString: strerror(errno)),
                advice: "Name another file with --out."
            )
        }
        print("\(volume): exported as \(format.rawValue) to \(out)")
    }
}
