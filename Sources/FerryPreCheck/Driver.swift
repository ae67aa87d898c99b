/// A driver the target may need, by its module's name and by the kernel option that builds it.
struct Driver: Equatable {
    /// The module, with underscores.
    var module: String
    /// The option in the kernel's configuration.
    var option: String

    static let virtioPCI = Driver(module: "virtio_pci", option: "CONFIG_VIRTIO_PCI")
    static let virtioBlock = Driver(module: "virtio_blk", option: "CONFIG_VIRTIO_BLK")
    static let virtioSCSI = Driver(module: "virtio_scsi", option: "CONFIG_SCSI_VIRTIO")
    static let virtioNetwork = Driver(module: "virtio_net", option: "CONFIG_VIRTIO_NET")
    static let scsiDisk = Driver(module: "sd_mod", option: "CONFIG_BLK_DEV_SD")
    static let nvme = Driver(module: "nvme", option: "CONFIG_BLK_DEV_NVME")
    static let xenBlock = Driver(module: "xen_blkfront", option: "CONFIG_XEN_BLKDEV_FRONTEND")

    /// All of them, in the order they are reported.
    static let all = [virtioPCI, virtioBlock, virtioSCSI, virtioNetwork, scsiDisk, nvme, xenBlock]

    /// The module's name in the path of its file, as `virtio_blk` of `kernel/drivers/block/virtio_blk.ko.xz`; nil if
    /// it is not a module's file.
    static func module(ofPath path: some StringProtocol) -> String? {
        guard let last = path.utf8.split(separator: UInt8(ascii: "/")).last else { return nil }
        var name = String(decoding: last, as: UTF8.self)
        for end in [".xz", ".gz", ".zst"] where name.hasSuffix(".ko" + end) { name.removeLast(end.utf8.count) }
        guard name.hasSuffix(".ko") else { return nil }
        return String(
            decoding: name.utf8.dropLast(3).map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 },
            as: UTF8.self
        )
    }
}

/// How a kernel has a driver.
enum DriverPresence {
    /// In the kernel's own file: nothing else is needed.
    case builtIn
    /// As a module, which has to be in the initramfs image if the root disk needs it.
    case module
    /// Not at all.
    case absent
    /// That cannot be told.
    case unknown
}

/// What is known of one kernel's drivers without starting it.
struct KernelDrivers {
    private var builtIn: [String] = []
    private var modules: [String] = []
    private var configuration: [(option: String, value: String)] = []
    private var hasLists = false
    private var hasConfiguration = false

    init(release: String, _ files: SourceServerFiles) {
        for root in ["/lib/modules", "/usr/lib/modules"] where !hasLists {
            guard let list = files.text("\(root)/\(release)/modules.dep") else { continue }
            modules = ConfigurationLines.of(list).compactMap { line in
                ConfigurationLines.halves(line.text, at: ":").flatMap { Driver.module(ofPath: $0.0) }
            }
            let builtInList = files.text("\(root)/\(release)/modules.builtin")
            builtIn = ConfigurationLines.of(builtInList ?? "").compactMap { Driver.module(ofPath: $0.text) }
            hasLists = builtInList != nil
        }
        for path in ["/boot/config-\(release)", "/lib/modules/\(release)/config", "/usr/lib/modules/\(release)/config"]
        {
            guard !hasConfiguration, let text = files.text(path) else { continue }
            hasConfiguration = true
            for driver in Driver.all {
                configuration += ConfigurationLines.values(of: driver.option, in: text).map { (driver.option, $0) }
            }
        }
    }

    func presence(_ driver: Driver) -> DriverPresence {
        let value = configuration.last { $0.option == driver.option }?.value
        if builtIn.contains(driver.module) || value == "y" { return .builtIn }
        if modules.contains(driver.module) || value == "m" { return .module }
        // Both lists together are complete; so is the configuration, which leaves out what is not built.
        return hasLists || hasConfiguration ? .absent : .unknown
    }
}
