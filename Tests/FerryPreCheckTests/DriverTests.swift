import FerryCore
import Testing

@testable import FerryPreCheck

private let release = "5.10.0-28-amd64"
private let both = ["block/virtio_blk", "virtio/virtio_pci"]

@Suite struct DriverTests {
    /// A server with one kernel whose drivers are all modules, and this image.
    private func server(image: [UInt8], configuration: String? = nil) throws -> MadeUpServer {
        let server = try MadeUpServer()
        try server.install(image: image)
        try server.file("/boot/grub/grub.cfg", grubMenu())
        let options = Driver.all.map { "\($0.option)=m\n" }.joined()
        try server.file("/boot/config-\(release)", configuration ?? options)
        server.decompressor = MadeUpImage.decompressor
        return server
    }

    @Test func `drivers in the image are found, in a plain archive and in a compressed one after an early one`() throws
    {
        let names = MadeUpImage.modules(both)
        let early = MadeUpImage.archive(["kernel/x86/microcode/GenuineIntel.bin"], contentLength: 70_000)
        let zeros = [UInt8](repeating: 0, count: 301)
        for image in [
            MadeUpImage.archive(names), MadeUpImage.marked(MadeUpImage.archive(names)),
            early + zeros + MadeUpImage.marked(MadeUpImage.archive(names)), early + MadeUpImage.archive(names) + zeros,
            MadeUpImage.archive([names[0]]) + zeros + MadeUpImage.marked(MadeUpImage.archive([names[1]])),
        ] {
            let finding = try server(image: image).finding(.drivers)
            #expect(finding.level == .ok, "\(finding)")
            #expect(finding.seen.contains("virtio_pci, virtio_blk in /boot/initrd.img-\(release)"))
        }
    }

    @Test func `an image without a driver is critical and the advice brings it in`() throws {
        let server = try server(image: MadeUpImage.marked(MadeUpImage.archive(MadeUpImage.modules([both[0]]))))
        try server.file("/etc/initramfs-tools/initramfs.conf", "MODULES=dep\n")
        let finding = try server.finding(.drivers)
        #expect(finding.level == .critical)
        #expect(finding.seen.contains("holds no virtio_pci"))
        #expect(finding.advice.contains("Add virtio_pci to /etc/initramfs-tools/modules"))
        #expect(try server.finding(.initramfsPolicy).level == .warning)
    }

    @Test func `drivers built into the kernel need no image`() throws {
        let builtIn = "CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=y\nCONFIG_VIRTIO_NET=y\n"
        let server = try server(image: [1, 2, 3], configuration: builtIn)
        #expect(try server.finding(.drivers).level == .ok)
        #expect(try server.finding(.networkDriver).seen.contains("built in"))
    }

    @Test func `a kernel without the driver is critical even if its image cannot be read`() throws {
        let server = try server(
            image: [0x1F, 0x8B, 8, 0],
            configuration: "CONFIG_VIRTIO_PCI=y\n# CONFIG_VIRTIO_BLK is not set\n"
        )
        let finding = try server.finding(.drivers)
        #expect(finding.level == .critical && finding.seen.contains("has no virtio_blk"))
        #expect(try server.finding(.networkDriver).level == .critical)
    }

    @Test(arguments: [
        ([UInt8]([0x1F, 0x8B, 8, 0, 0, 0]), "compressed with gzip"), ([], "it is empty"),
        (Array("not an archive".utf8), "unknown form"), ([0x28, 0xB5, 0x2F, 0xFD], "something unknown"),
        (MadeUpImage.marked(Array("070701 and then nonsense".utf8)), "ends too early"),
        (MadeUpImage.marked(Array("something else entirely".utf8)), "no cpio archive"),
        (Array(MadeUpImage.archive(["a/b"]).prefix(120)), "in the middle"),
    ])
    func `an image that cannot be read is unknown, with the reason`(image: [UInt8], reason: String) throws {
        let finding = try server(image: image).finding(.drivers)
        #expect(!finding.isChecked && finding.level == .warning)
        #expect(finding.seen.contains(reason), "\(finding)")
    }

    @Test func `what cannot be read is judged by how images are made here`() throws {
        let server = try server(image: [0x1F, 0x8B, 8, 0, 0, 0])
        #expect(try server.finding(.drivers).seen.contains("nothing says how it was made"))
        try server.file("/etc/initramfs-tools/initramfs.conf", "MODULES=most\n")
        #expect(try server.finding(.drivers).seen.contains("likely in it"))
        try server.file("/etc/initramfs-tools/conf.d/driver-policy", "MODULES=dep\n")
        #expect(try server.finding(.drivers).seen.contains("likely not in it"))
        try server.file("/proc/sys/kernel/osrelease", release + "\n")
        try server.directory("/sys/block/vda")
        #expect(try server.finding(.drivers).seen.contains("has such disks already"))
    }

    @Test func `an image that only an older entry uses is a warning`() throws {
        let server = try server(image: MadeUpImage.archive(MadeUpImage.modules(both)))
        let old = "5.10.0-20-amd64"
        try server.install(kernels: [old], image: MadeUpImage.archive(["bin/sh"]))
        try server.file("/boot/config-\(old)", "CONFIG_VIRTIO_PCI=m\nCONFIG_VIRTIO_BLK=m\n")
        try server.file("/boot/grub/grub.cfg", grubMenu(kernels: [release, old]))
        #expect(server.findings(.drivers).map(\.level) == [.ok, .warning])
    }

    @Test(arguments: [
        (TargetDiskBus.virtioSCSI, ["scsi/virtio_scsi", "virtio/virtio_pci", "scsi/sd_mod"]),
        (.nvme, ["nvme/host/nvme"]),
        (.xen, ["block/xen-blkfront"]),
    ])
    func `every kind of disk at the target has drivers of its own`(bus: TargetDiskBus, modules: [String]) throws {
        let server = try server(image: MadeUpImage.archive(MadeUpImage.modules(modules)))
        server.request.targetBus = bus
        #expect(try server.finding(.drivers).level == .ok)
        server.request.targetBus = .virtioBlock
        #expect(try server.finding(.drivers).level == .critical)
    }

    @Test func `a kernel's lists of modules stand in for its configuration`() throws {
        let server = try server(image: MadeUpImage.archive([]), configuration: "")
        try server.file("/lib/modules/\(release)/modules.dep", "kernel/drivers/net/virtio_net.ko.zst: kernel/x.ko\n")
        try server.file(
            "/lib/modules/\(release)/modules.builtin",
            "kernel/drivers/block/virtio_blk.ko\nkernel/drivers/virtio/virtio_pci.ko\n"
        )
        #expect(try server.finding(.drivers).level == .ok)
        #expect(try server.finding(.networkDriver).seen.contains("as a module"))
    }

    @Test func `without a boot loader's configuration every kernel in the boot directory counts`() throws {
        let server = try MadeUpServer()
        try server.install(kernels: ["1", "2"], image: MadeUpImage.archive(MadeUpImage.modules(both)))
        #expect(server.findings(.drivers).map(\.level) == [.ok, .ok])
    }

    @Test(arguments: [
        ([("/etc/dracut.conf", "")], "this server only"), ([("/etc/dracut.conf", "hostonly=\"no\"\n")], "any server"),
        ([("/usr/bin/dracut", ""), ("/etc/dracut.conf.d/x.conf", "hostonly=no\n")], "any server"),
        ([("/etc/mkinitcpio.conf", "HOOKS=(base udev autodetect block)\n")], "this server only"),
        ([("/etc/initramfs-tools/initramfs.conf", "MODULES=list\n")], "MODULES=list"),
    ])
    func `every way of making images is known`(files: [(String, String)], words: String) throws {
        let server = try MadeUpServer()
        for (path, text) in files { try server.file(path, text) }
        #expect(try server.finding(.initramfsPolicy).seen.contains(words))
    }
}

@Suite struct CpioScannerTests {
    private func names(_ bytes: [UInt8], piece: Int) -> (names: [String], last: CpioScanner.Progress) {
        var scanner = CpioScanner()
        var names: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let progress = scanner.read(rest.prefix(piece)) { names.append($0) }
            guard progress == .consumed else { return (names, progress) }
            rest = rest.dropFirst(piece)
        }
        return (names, scanner.finish())
    }

    @Test(arguments: [1, 2, 3, 5, 64, 109, 110, 111, 4096])
    func `names are the same however the archive is cut into pieces`(piece: Int) {
        let list = ["a", "bc", "def", "lib/modules/x.ko", String(repeating: "n", count: 300)]
        let two =
            MadeUpImage.archive(list, contentLength: 9) + [0, 0, 0] + MadeUpImage.archive(["second"], contentLength: 0)
        let result = names(two, piece: piece)
        #expect(result.names == list + ["TRAILER!!!", "second", "TRAILER!!!"])
        #expect(result.last == .consumed)
    }

    @Test func `names without an end or without a length are refused`() {
        let length = MadeUpImage.entry("a", [], nameLength: 5000)
        guard case .broken = names(length, piece: 64).last else {
            return #expect(Bool(false), "too long a name was taken")
        }
        let zero = MadeUpImage.entry("a", [], nameLength: 0)
        guard case .broken = names(zero, piece: 64).last else { return #expect(Bool(false), "no name was taken") }
    }

    @Test func `whatever bytes come, reading ends and keeps at most one name`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        let honest = MadeUpImage.archive(["a", "b/virtio_blk.ko", "c"], contentLength: 11)
        var read = 0
        for _ in 0..<3000 {
            var bytes = honest
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let result = names(bytes, piece: Int.random(in: 1...200, using: &generator))
            read += result.names.count
            #expect(result.names.allSatisfy { $0.utf8.count <= 3 * 4096 }, "seed \(seed)")
        }
        #expect(read > 0, "seed \(seed): no archive survived at all")
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
