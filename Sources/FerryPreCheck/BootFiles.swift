/// Finds kernels and initramfs images from the names boot loaders have for them.
enum BootFiles {
    /// The path on the source server of what a boot loader calls `name`; nil if there is no such file.
    ///
    /// A boot loader's paths start at the partition it reads, which may be the one mounted at /boot, the EFI system
    /// partition, or a btrfs file system seen above its subvolumes.
    static func locate(_ name: String, _ files: SourceServerFiles) -> String? {
        var path = name[...]
        if path.hasPrefix("("), let end = path.unicodeScalars.firstIndex(of: ")") {
            path = path[path.unicodeScalars.index(after: end)...]
        }
        var candidates = [String(path), "/boot\(path)"] + EFIPartition.directories.map { "\($0)\(path)" }
        var rest = path
        while let slash = rest.dropFirst().unicodeScalars.firstIndex(of: "/") {
            rest = rest[slash...]
            candidates += [String(rest), "/boot\(rest)"]
        }
        return candidates.first { $0.hasPrefix("/") && files.stream($0) != nil }
    }

    /// The release of the kernel in the file at `path`, from its name; nil if the name does not hold one.
    static func release(ofKernel path: String, _ files: SourceServerFiles) -> String? {
        release(path, files, [("vmlinuz-", ""), ("vmlinux-", ""), ("kernel-", ""), ("Image-", ""), ("bzImage-", "")])
    }

    /// The release of the kernel that the image at `path` is made for, from its name.
    static func release(ofImage path: String, _ files: SourceServerFiles) -> String? {
        release(path, files, [("initrd.img-", ""), ("initramfs-", ".img"), ("initrd-", ".img"), ("initrd-", "")])
    }

    private static func release(_ path: String, _ files: SourceServerFiles, _ forms: [(String, String)]) -> String? {
        // /boot/vmlinuz is often a link to the file with the full name.
        for path in [path, files.resolved(path) ?? path] {
            let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
            for (start, end) in forms where name.hasPrefix(start) && name.hasSuffix(end) {
                let release = name.dropFirst(start.count).dropLast(end.count)
                if !release.isEmpty { return String(release) }
            }
        }
        return nil
    }

    /// What may start where no boot loader's configuration says it: every kernel in /boot with its image.
    static func pairs(_ files: SourceServerFiles) -> [BootEntry] {
        let names = files.names(in: "/boot") ?? []
        let kernels = names.filter { $0.hasPrefix("vmlinuz-") || $0.hasPrefix("vmlinux-") }
        return kernels.compactMap { kernel in
            guard let release = release(ofKernel: "/boot/\(kernel)", files) else { return nil }
            let images = ["initrd.img-\(release)", "initramfs-\(release).img", "initrd-\(release)"].filter {
                names.contains($0)
            }
            return BootEntry(
                title: release,
                kernel: "/boot/\(kernel)",
                images: images.map { "/boot/\($0)" },
                arguments: [],
                source: "/boot/\(kernel)",
                line: 1
            )
        }
    }
}
