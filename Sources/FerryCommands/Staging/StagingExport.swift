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
        let catalog = try VolumeCatalog(directory: data)
        let source = try catalog.verified(volume)
        let partial = "\(out).partial"
        do {
            try ExternalTool.run(
                "qemu-img",
                ["convert", "--image-opts", "-O", format.rawValue]
                    + (format == .vpc ? ["-o", "subformat=dynamic,force_size=on"] : [])
                    + [StagingExport.imageOptions(source), partial],
                package: "qemu-utils"
            )
            // A pass that began meanwhile has changed what was copied.
            guard try catalog.verified(volume) == source else { throw StagingExport.overtaken(volume) }
        } catch {
            unlink(partial)
            throw error
        }
        guard rename(partial, out) == 0 else {
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

    /// The volume as far as the disk reaches. A comma in a path is doubled, as QEMU wants it.
    private static func imageOptions(_ source: VolumeCatalog.Verified) -> String {
        let path = source.path.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
        return "driver=raw,size=\(source.size.bytes),file.filename=\(path)"
    }

    private static func overtaken(_ volume: String) -> FerryError {
        FerryError(
            .volumeNotReady,
            operation: "export",
            subject: "the volume \(volume)",
            cause: "a pass has changed it meanwhile",
            advice: "Take a snapshot with \"ferry staging snapshot\" and convert that, or export between passes.",
            retry: .later
        )
    }
}
