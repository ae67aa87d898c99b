internal import FerryCore

extension PreCheckID {
    /// Whether the server starts by UEFI, and whether another machine's firmware will find what to start.
    public static let firmware = PreCheckID("boot.firmware")
}

/// The EFI system partition.
enum EFIPartition {
    /// Where it may be mounted.
    static let directories = ["/boot/efi", "/efi", "/boot"]

    /// The file at `path` below `directory`, whatever the case of its letters: the file system does not mind it.
    static func find(_ path: String, below directory: String, _ files: SourceServerFiles) -> String? {
        var place = directory
        for part in path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
            let match = (files.names(in: place) ?? []).first { $0.lowercased() == part.lowercased() }
            guard let match else { return nil }
            place += "/" + match
        }
        return place
    }
}

/// A server started by UEFI finds its boot loader by an entry in its firmware's memory. That memory does not move; at
/// the target only the path for removable media is looked at.
enum FirmwareCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let files = server.files
        let isARM = server.kernel.machine() == "aarch64"
        let fallback = isARM ? "EFI/BOOT/BOOTAA64.EFI" : "EFI/BOOT/BOOTX64.EFI"
        guard files.exists("/sys/firmware/efi") else {
            guard files.exists("/sys/firmware") || files.exists("/sys/devices") else {
                return [.unchecked(.firmware, "How the server starts", because: "/sys cannot be read")]
            }
            if isARM {
                let advice = "arm64 targets start by UEFI: check that a boot loader for it is installed."
                return [PreCheckFinding(.firmware, .warning, "The server was not started by UEFI", advice: advice)]
            }
            return [PreCheckFinding(.firmware, .ok, "The server starts by BIOS, which the target has to as well")]
        }
        let directories = EFIPartition.directories.filter { EFIPartition.find("EFI", below: $0, files) != nil }
        guard !directories.isEmpty else {
            return [
                .unchecked(
                    .firmware,
                    "The EFI system partition",
                    because: "it is not mounted at \(EFIPartition.directories.joined(separator: ", "))",
                    advice: "Mount it and look for \(fallback) in it."
                )
            ]
        }
        for directory in directories {
            if let found = EFIPartition.find(fallback, below: directory, files) {
                let seen = "The server starts by UEFI, which the target has to as well, and \(found) is there"
                return [PreCheckFinding(.firmware, .ok, seen)]
            }
        }
        return [
            PreCheckFinding(
                .firmware,
                .warning,
                "The server starts by UEFI and \(directories[0]) has no \(fallback)",
                advice:
                    "The target's firmware looks only there: run grub-install --removable, or copy the boot loader and "
                    + "its configuration to that path."
            )
        ]
    }
}
