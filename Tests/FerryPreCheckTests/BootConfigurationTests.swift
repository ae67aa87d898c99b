import Testing

@testable import FerryPreCheck

/// A menu as Debian's grub-mkconfig lays it out: a first entry, and a submenu with every kernel.
func grubMenu(root: String = "root=UUID=1234-abcd", chosen: String = "0", kernels: [String] = ["5.10.0-28-amd64"])
    -> String
{
    func entry(_ title: String, _ id: String, _ release: String) -> String {
        """
        menuentry '\(title)' --class debian $menuentry_id_option '\(id)' {
            search --no-floppy --fs-uuid --set=root 1234-abcd
            echo 'Loading Linux \(release) ...'
            linux   /boot/vmlinuz-\(release) \(root) ro quiet
            initrd  /boot/initrd.img-\(release)
        }

        """
    }
    return """
        # made by a test
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
        else
           set default="\(chosen)"
        fi
        function savedefault {
          if [ -z "${boot_once}" ]; then
            save_env saved_entry
          fi
        }
        \(entry("Debian", "gnulinux-simple", kernels[0]))
        submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced' {
        \(kernels.map { entry("Debian, with Linux \($0)", "gnulinux-\($0)", $0) }.joined())
        }
        menuentry "Memory test" {
            linux16 /boot/memtest86+.bin
        }

        """
}

extension MadeUpServer {
    func install(kernels: [String] = ["5.10.0-28-amd64"], image: [UInt8] = MadeUpImage.archive([])) throws {
        for release in kernels {
            try file("/boot/vmlinuz-\(release)", "kernel")
            try file("/boot/initrd.img-\(release)", image)
        }
    }
}

@Suite struct GrubConfigurationTests {
    private func entries(_ text: String, environment: String = "") -> [BootEntry] {
        var parser = GrubConfiguration(file: "grub.cfg", environment: GrubEnvironment(text: environment))
        parser.read(text)
        return parser.entries
    }

    @Test func `entries are read with their kernel, image, arguments and line`() throws {
        let entries = entries(grubMenu(kernels: ["5.10.0-28-amd64", "5.10.0-27-amd64"]))
        #expect(
            entries.map(\.title) == [
                "Debian", "Debian, with Linux 5.10.0-28-amd64", "Debian, with Linux 5.10.0-27-amd64", "Memory test",
            ]
        )
        let first = try #require(entries.first)
        #expect(first.kernel == "/boot/vmlinuz-5.10.0-28-amd64")
        #expect(first.images == ["/boot/initrd.img-5.10.0-28-amd64"])
        #expect(first.arguments == ["root=UUID=1234-abcd", "ro", "quiet"])
        #expect(first.line == 15)
        #expect(entries.last?.isRescue == true)
    }

    @Test(arguments: [
        ("0", "", 0), ("", "", 0), ("1>1", "", 2), ("Advanced options>Debian, with Linux 5.10.0-27-amd64", "", 2),
        ("gnulinux-advanced>gnulinux-5.10.0-27-amd64", "", 2), ("gnulinux-advanced", "", 1), ("2", "", 3),
        ("${saved_entry}", "saved_entry=1>1\n", 2), ("${saved_entry}", "saved_entry=\n", 0), ("${saved_entry}", "", 0),
        ("0", "next_entry=1>1\n", 2),
    ])
    func `the entry that starts by itself is known`(chosen: String, environment: String, index: Int) {
        let menu = grubMenu(chosen: chosen, kernels: ["5.10.0-28-amd64", "5.10.0-27-amd64"])
        #expect(entries(menu, environment: environment).map { $0.isDefault == true } == (0..<4).map { $0 == index })
    }

    @Test func `a choice that is not in the menu leaves everything possible`() {
        #expect(entries(grubMenu(chosen: "gone")).allSatisfy { $0.isDefault == nil })
    }

    @Test func `whatever stands in the file, reading ends`() {
        let menu = grubMenu()
        for length in stride(from: 0, to: menu.utf8.count, by: 7) {
            _ = entries(String(decoding: menu.utf8.prefix(length), as: UTF8.self))
            _ = entries(String(decoding: menu.utf8.dropFirst(length), as: UTF8.self))
        }
        _ = entries("}\n}\nmenuentry\nlinux\ninitrd\nset\nset default\nset default=\nsubmenu {\n}\n}")
    }
}

@Suite struct BootLoaderTests {
    @Test func `entries of the Boot Loader Specification are read, with what grubenv adds`() throws {
        let server = try MadeUpServer()
        try server.file("/boot/grub2/grub.cfg", "set default=\"${saved_entry}\"\ninsmod blscfg\nblscfg\n")
        try server.file("/boot/grub2/grubenv", "saved_entry=abc-4.18.0-2\nkernelopts=root=/dev/mapper/cl-root ro\n")
        for release in ["4.18.0-1", "4.18.0-2"] {
            try server.file(
                "/boot/loader/entries/abc-\(release).conf",
                "title Linux \(release)\nversion \(release)\nlinux /vmlinuz-\(release)\n"
                    + "initrd /initramfs-\(release).img $tuned_initrd\noptions $kernelopts $tuned_params\n"
            )
        }
        let boot = BootConfiguration.read(server.files)
        #expect(boot.entries.map(\.isDefault) == [false, true])
        #expect(
            boot.entries.map(\.arguments) == [["root=/dev/mapper/cl-root", "ro"], ["root=/dev/mapper/cl-root", "ro"]]
        )
        #expect(boot.entries[1].images == ["/initramfs-4.18.0-2.img"])
        try server.file("/boot/vmlinuz-4.18.0-2", "")
        try server.file("/boot/initramfs-4.18.0-2.img", "")
        let findings = server.findings(.bootFiles)
        #expect(findings.map(\.level) == [.warning], "only the entry that does not start by itself lacks its files")
    }

    @Test func `GRUB legacy is read and is worth a warning`() throws {
        let server = try MadeUpServer()
        try server.file(
            "/boot/grub/menu.lst",
            "default 1\ntimeout 5\ntitle Old\n root (hd0,0)\n kernel /vmlinuz-1 ro root=/dev/sda2\n initrd /initrd-1.img\n"
                + "title New\n kernel --no-mem-option (hd0,0)/vmlinuz-2 ro root=LABEL=/\n initrd /initrd-2.img\n"
        )
        let boot = BootConfiguration.read(server.files)
        #expect(boot.entries.map(\.kernel) == ["/vmlinuz-1", "(hd0,0)/vmlinuz-2"])
        #expect(boot.entries.map(\.isDefault) == [false, true])
        #expect(try server.finding(.bootLoader).level == .warning)
        try server.file("/boot/vmlinuz-2", "")
        #expect(BootFiles.locate("(hd0,0)/vmlinuz-2", server.files) == "/boot/vmlinuz-2")
    }

    @Test func `EXTLINUX is read`() throws {
        let server = try MadeUpServer()
        try server.file(
            "/boot/extlinux/extlinux.conf",
            "DEFAULT l1\nLABEL l0\n KERNEL ../vmlinuz-1\n APPEND root=/dev/vda1\nLABEL l1\n LINUX /boot/vmlinuz-2\n"
                + " APPEND initrd=/boot/initrd.img-2,extra.img root=UUID=1 ro\n"
        )
        let boot = BootConfiguration.read(server.files)
        #expect(boot.loaders.first?.loader == .extlinux)
        #expect(boot.entries.map(\.kernel) == ["/boot/extlinux/../vmlinuz-1", "/boot/vmlinuz-2"])
        #expect(boot.entries[1].images == ["/boot/initrd.img-2", "/boot/extlinux/extra.img"])
        #expect(boot.entries[1].arguments == ["root=UUID=1", "ro"])
        #expect(boot.entries[1].isDefault == true)
    }

    @Test func `systemd-boot is read`() throws {
        let server = try MadeUpServer()
        try server.file("/efi/loader/loader.conf", "default b.conf\ntimeout 3\n")
        try server.file("/efi/loader/entries/a.conf", "title A\nlinux /a/linux\n")
        try server.file(
            "/efi/loader/entries/b.conf",
            "title B\nlinux /b/linux\ninitrd /b/initrd\noptions root=UUID=1\n"
        )
        try server.file("/efi/b/linux", "")
        let boot = BootConfiguration.read(server.files)
        #expect(boot.loaders.first?.loader == .systemdBoot)
        #expect(boot.entries.map(\.isDefault) == [false, true])
        #expect(BootFiles.locate("/b/linux", server.files) == "/efi/b/linux")
    }

    @Test(arguments: [
        ("2.06-13+deb12u1", PreCheckFinding.Level.ok), ("1:1.98-20100804", .warning), ("0.97-64", .warning),
    ])
    func `the version of GRUB is taken from the package list`(version: String, level: PreCheckFinding.Level) throws {
        let server = try MadeUpServer()
        try server.file("/boot/grub/grub.cfg", grubMenu())
        let status =
            "Package: bash\nVersion: 9\n\nPackage: grub-pc\nStatus: install ok installed\nVersion: \(version)\n"
        try server.file("/var/lib/dpkg/status", status)
        let finding = try server.finding(.bootLoader)
        #expect(finding.level == level && finding.seen.contains(version))
    }

    @Test func `a kernel or image that the menu names and nobody finds is critical, once`() throws {
        let server = try MadeUpServer()
        try server.install()
        try server.file("/boot/grub/grub.cfg", grubMenu())
        #expect(try server.finding(.bootFiles).level == .ok)
        try server.file("/boot/grub/grub.cfg", grubMenu(kernels: ["5.10.0-99-amd64"]))
        let finding = try server.finding(.bootFiles)
        #expect(finding.level == .critical)
        #expect(finding.seen.contains("/boot/vmlinuz-5.10.0-99-amd64 and /boot/initrd.img-5.10.0-99-amd64"))
    }

    @Test func `an empty boot directory is critical unless it is only not mounted`() throws {
        let server = try MadeUpServer()
        try server.directory("/boot")
        #expect(try server.finding(.bootFiles).level == .critical)
        try server.file("/etc/fstab", "UUID=1 /boot ext4 defaults 0 2\n")
        try server.file("/proc/mounts", "/dev/sda2 / ext4 rw 0 0\n")
        let finding = try server.finding(.bootFiles)
        #expect(!finding.isChecked && finding.seen.contains("/boot is not mounted"))
    }

    @Test(arguments: [
        ("root=UUID=1", PreCheckFinding.Level.ok), ("root=LABEL=/", .ok), ("root=PARTUUID=1-1", .ok),
        ("root=/dev/mapper/cl-root", .ok), ("root=/dev/md0", .ok), ("root=/dev/sda1", .critical),
        ("root=/dev/xvda1", .critical), ("root=/dev/nvme0n1p2", .critical), ("root=/dev/vda1", .warning),
        ("root=/dev/disk/by-path/pci-0", .critical), ("root=UUID=1 resume=/dev/sda2", .warning),
    ])
    func `a root file system named by its disk is found`(root: String, level: PreCheckFinding.Level) throws {
        let server = try MadeUpServer()
        try server.install()
        try server.file("/boot/grub/grub.cfg", grubMenu(root: root))
        #expect(try server.finding(.rootName).level == level)
    }

    @Test func `advice says the name that stays true`() throws {
        let server = try MadeUpServer()
        try server.file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro\n")
        try server.file("/dev/sda1", "")
        try server.link("/dev/disk/by-uuid/0a1b-2c3d", to: "../../sda1")
        let finding = try server.finding(.rootName)
        #expect(finding.level == .critical)
        #expect(finding.advice.contains("root=UUID=0a1b-2c3d"))
    }

    @Test func `a server that starts by UEFI needs the path for removable media`() throws {
        let server = try MadeUpServer()
        try server.directory("/sys/firmware/efi")
        #expect(try server.finding(.firmware).isChecked == false)
        try server.file("/boot/efi/EFI/debian/grubx64.efi", "")
        #expect(try server.finding(.firmware).advice.contains("EFI/BOOT/BOOTX64.EFI") == false)
        #expect(try server.finding(.firmware).seen.contains("EFI/BOOT/BOOTX64.EFI"))
        #expect(try server.finding(.firmware).level == .warning)
        try server.file("/boot/efi/EFI/Boot/bootx64.efi", "")
        #expect(try server.finding(.firmware).level == .ok)
        server.kernel.machine = { "aarch64" }
        #expect(try server.finding(.firmware).level == .warning)
    }
}
