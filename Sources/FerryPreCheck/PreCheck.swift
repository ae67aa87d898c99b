/// Looks at a source server and says what would stop the move, before anything is moved.
public enum PreCheck {
    /// Runs every check and returns what they found, at least one finding each. What is missing or cannot be read
    /// is a finding too, never an error.
    ///
    /// Blocks for `request.sampleTime` and for as long as reading the initramfs images takes.
    /// - Parameters:
    ///   - files: where the source server's files are.
    ///   - request: what the pre-check cannot see for itself.
    ///   - kernel: what the kernel says.
    ///   - decompressor: what can be used to read compressed initramfs images.
    public static func run(
        _ files: SourceServerFiles = .ofThisServer(),
        _ request: PreCheckRequest = PreCheckRequest(),
        kernel: KernelAnswers = .ofThisServer,
        decompressor: Decompressor = .none
    ) -> [PreCheckFinding] {
        let server = SourceServer(files: files, request: request, kernel: kernel, decompressor: decompressor)
        let boot = BootConfiguration.read(files)
        return MachineCheck.run(server)
            + ClockCheck.run(server)
            + LoadCheck.run(server)
            + PressureCheck.run(server)
            + SpaceCheck.run(server)
            + BootLoaderCheck.run(server, boot)
            + BootFilesCheck.run(server, boot)
            + RootNameCheck.run(server, boot)
            + FirmwareCheck.run(server)
            + DriverCheck.run(server, boot)
            + InitramfsPolicyCheck.run(server)
            + FstabCheck.run(server)
            + StorageCheck.run(server)
            + ProcessCheck.run(server)
            + SELinuxCheck.run(server)
            + InterfaceNameCheck.run(server)
            + StaticAddressCheck.run(server)
            + CloudInitCheck.run(server)
    }
}

/// Everything a check may look at.
struct SourceServer {
    var files: SourceServerFiles
    var request: PreCheckRequest
    var kernel: KernelAnswers
    var decompressor: Decompressor

    /// The release of the running kernel, as `5.10.0-28-amd64`.
    var kernelRelease: String? {
        files.text("/proc/sys/kernel/osrelease").flatMap { ConfigurationLines.words($0).first }
    }
}
