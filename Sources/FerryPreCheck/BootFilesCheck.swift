/// Whether every kernel and initramfs image that the boot loader names is there.
enum BootFilesCheck {
    static func run(_ server: SourceServer, _ boot: BootConfiguration) -> [PreCheckFinding] {
        let files = server.files
        guard let names = files.names(in: "/boot") else {
            return [.unchecked(.bootFiles, "The kernels", because: "/boot cannot be read")]
        }
        let entries = boot.entries.isEmpty ? BootFiles.pairs(files) : boot.entries
        guard !entries.isEmpty else { return [withoutEntries(server, names)] }
        var findings: [PreCheckFinding] = []
        for entry in entries where !entry.isRescue {
            let missing = ([entry.kernel] + entry.images).filter { isPlain($0) && BootFiles.locate($0, files) == nil }
            let text = missing.joined(separator: " and ")
            // Menus name the same kernel several times: once is enough, unless the later entry is the one that starts.
            let known = findings.firstIndex { $0.seen.hasSuffix("names \(text), which is not there") }
            guard !missing.isEmpty, known.map({ entry.mayBeDefault && findings[$0].level < .critical }) ?? true else {
                continue
            }
            if let known { findings.remove(at: known) }
            findings.append(
                PreCheckFinding(
                    .bootFiles,
                    entry.mayBeDefault ? .critical : .warning,
                    "\(entry.place) names \(text), which is not there",
                    advice: "Install the kernel again, or write the boot loader's configuration again (update-grub, "
                        + "grub2-mkconfig)."
                )
            )
        }
        let withoutImage = entries.filter { !$0.isRescue && $0.images.isEmpty }
        for entry in withoutImage where entry.mayBeDefault {
            findings.append(
                PreCheckFinding(
                    .bootFiles,
                    .warning,
                    "\(entry.place) starts \(entry.kernel) without an initramfs image",
                    advice: "Unless every driver the target needs is built into this kernel, make an image for it."
                )
            )
        }
        if findings.isEmpty {
            let seen = "Every kernel and initramfs image that may be started is there (\(entries.count) entries)"
            findings.append(PreCheckFinding(.bootFiles, .ok, seen))
        }
        return findings
    }

    private static func withoutEntries(_ server: SourceServer, _ names: [String]) -> PreCheckFinding {
        let isUnified = EFIPartition.directories.contains {
            EFIPartition.find("EFI/Linux", below: $0, server.files) != nil
        }
        if isUnified {
            return .unchecked(.bootFiles, "The kernels", because: "they are unified images, which Ferry does not open")
        }
        let isOwnFileSystem = Fstab.read(server.files)?.contains { $0.directory == "/boot" } ?? false
        let isMounted = Mount.all(server.files)?.contains { $0.directory == "/boot" } ?? false
        if isOwnFileSystem, !isMounted {
            return .unchecked(.bootFiles, "The kernels", because: "/boot is not mounted", advice: "Mount /boot.")
        }
        return PreCheckFinding(
            .bootFiles,
            .critical,
            "/boot holds no kernel that could be started (\(names.count) files)",
            advice:
                "Install a kernel: a server that runs in a container or on its host's kernel cannot start by itself."
        )
    }

    /// A name with a variable in it is only known to the boot loader.
    private static func isPlain(_ name: String) -> Bool { !name.holds("$") }
}
