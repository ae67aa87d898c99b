extension PreCheckID {
    /// Which boot loader starts the server.
    public static let bootLoader = PreCheckID("boot.loader")
    /// Whether the kernels and initramfs images the boot loader names are there.
    public static let bootFiles = PreCheckID("boot.files")
    /// How the root file system is named to the kernel.
    public static let rootName = PreCheckID("boot.root-name")
}

/// Which boot loader there is.
enum BootLoaderCheck {
    static func run(_ server: SourceServer, _ boot: BootConfiguration) -> [PreCheckFinding] {
        guard let (loader, file) = boot.loaders.first else {
            guard server.files.names(in: "/boot") != nil else {
                return [.unchecked(.bootLoader, "The boot loader", because: "/boot cannot be read")]
            }
            return [
                .unchecked(
                    .bootLoader,
                    "The boot loader",
                    because: "no configuration of GRUB, EXTLINUX or systemd-boot was found",
                    advice: "Check that /boot is mounted, and test the start at the target before the cutover."
                )
            ]
        }
        if loader == .grubLegacy {
            return [
                PreCheckFinding(
                    .bootLoader,
                    .warning,
                    "\(loader.rawValue) starts the server, by \(file)",
                    advice: "Clouds ask for GRUB 1.99 or newer: install GRUB 2, or test the start at the target early."
                )
            ]
        }
        let version = loader == .grub2 ? packagedVersion(server.files) : nil
        if let version, isOlder(version) {
            return [
                PreCheckFinding(
                    .bootLoader,
                    .warning,
                    "GRUB \(version) starts the server, by \(file)",
                    advice: "Clouds ask for GRUB 1.99 or newer: update GRUB before the move."
                )
            ]
        }
        let name = loader.rawValue + (version.map { " (version \($0))" } ?? "")
        return [PreCheckFinding(.bootLoader, .ok, "\(name) starts the server, by \(file)")]
    }

    /// The version Debian's package list gives; other distributions' lists are databases.
    private static func packagedVersion(_ files: SourceServerFiles) -> String? {
        guard let text = files.text("/var/lib/dpkg/status", longest: 32 << 20) else { return nil }
        let packages = ["grub-pc", "grub-efi-amd64", "grub-efi-arm64", "grub2-common", "grub-common"]
        var isWanted = false
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: "Package: ".utf8) {
                isWanted = packages.contains(String(decoding: line.dropFirst(9), as: UTF8.self))
            } else if isWanted, line.starts(with: "Version: ".utf8) {
                return String(decoding: line.dropFirst(9), as: UTF8.self)
            }
        }
        return nil
    }

    private static func isOlder(_ version: String) -> Bool {
        // What stands before a colon is the packagers' epoch.
        let upstream = version.utf8.split(separator: UInt8(ascii: ":")).last ?? version.utf8[...]
        let numbers = upstream.split { !(0x30...0x39).contains($0) }.prefix(2).compactMap { Int(Substring($0)) }
        return numbers.count == 2 && (numbers[0], numbers[1]) < (1, 99)
    }
}
