/// One thing the boot loader can start.
struct BootEntry {
    /// What the menu calls it.
    var title: String
    /// The kernel as the configuration names it: a path on the boot loader's own root.
    var kernel: String
    /// The initramfs images, in the same way; there may be none.
    var images: [String]
    /// The words after the kernel.
    var arguments: [String]
    /// The file it is written in.
    var source: String
    /// The line its kernel is on, from 1.
    var line: Int
    /// Whether it starts when nobody chooses; nil if that cannot be told.
    var isDefault: Bool?

    /// Whether it is for emergencies only: nobody starts the moved server with it.
    var isRescue: Bool {
        kernel.holds("rescue") || title.holds("rescue") || title.holds("memtest") || kernel.holds("memtest")
            || kernel.holds("xen.gz") || images.contains { $0.holds("kdump") }
    }

    /// Whether it may be what starts at the target.
    var mayBeDefault: Bool { !isRescue && isDefault != false }

    /// Where a message about it sends its reader.
    var place: String { "\(source) line \(line)" }
}

/// A boot loader and what it can start.
struct BootConfiguration {
    /// Which program.
    enum Loader: String {
        case grub2 = "GRUB 2"
        case grubLegacy = "GRUB 0.97 (legacy)"
        case extlinux = "EXTLINUX"
        case systemdBoot = "systemd-boot"
    }

    /// The boot loaders whose configuration was found, with its file.
    var loaders: [(loader: Loader, file: String)] = []
    /// What they can start.
    var entries: [BootEntry] = []

    static func read(_ files: SourceServerFiles) -> BootConfiguration {
        var configuration = BootConfiguration()
        let grubEnvironment = GrubEnvironment.read(files)
        for file in ["/boot/grub2/grub.cfg", "/boot/grub/grub.cfg"] + efiConfigurations(files) {
            guard let text = files.text(file) else { continue }
            configuration.loaders.append((.grub2, file))
            var parser = GrubConfiguration(file: file, environment: grubEnvironment)
            parser.read(text)
            configuration.entries += parser.entries
            if parser.readsLoaderEntries {
                configuration.entries += LoaderEntries.read(
                    files,
                    directory: "/boot/loader/entries",
                    chosen: parser.chosen,
                    environment: grubEnvironment
                )
            }
        }
        if configuration.loaders.isEmpty {
            for file in ["/boot/grub/menu.lst", "/boot/grub/grub.conf"] {
                guard configuration.loaders.isEmpty, let text = files.text(file) else { continue }
                configuration.loaders.append((.grubLegacy, file))
                configuration.entries += LegacyGrubConfiguration.entries(text, file: file)
            }
        }
        for file in ["/boot/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg", "/boot/extlinux.conf"] {
            guard let text = files.text(file) else { continue }
            configuration.loaders.append((.extlinux, file))
            configuration.entries += ExtlinuxConfiguration.entries(text, file: file)
        }
        for directory in EFIPartition.directories {
            guard let text = files.text(directory + "/loader/loader.conf") else { continue }
            configuration.loaders.append((.systemdBoot, directory + "/loader/loader.conf"))
            let chosen = ConfigurationLines.of(text).map { ConfigurationLines.words($0.text) }
                .last { $0.first == "default" && $0.count == 2 }?[1]
            configuration.entries += LoaderEntries.read(
                files,
                directory: directory + "/loader/entries",
                chosen: chosen,
                environment: GrubEnvironment()
            )
        }
        return configuration
    }

    /// Distributions with UEFI keep GRUB's configuration, or a stub that leads to it, in a directory of their name.
    private static func efiConfigurations(_ files: SourceServerFiles) -> [String] {
        let directory = "/boot/efi/EFI"
        return (files.names(in: directory) ?? []).map { "\(directory)/\($0)/grub.cfg" }.filter {
            guard let text = files.text($0) else { return false }
            return text.holds("menuentry") || text.holds("blscfg")
        }
    }
}
