/// How this server makes its initramfs images.
enum InitramfsPolicy: Equatable {
    /// initramfs-tools, with every driver that might be of use.
    case initramfsToolsMost(file: String)
    /// initramfs-tools, with the drivers this server's hardware needs only.
    case initramfsToolsDependent(file: String)
    /// initramfs-tools, with the drivers listed only.
    case initramfsToolsList(file: String)
    /// dracut, for any server.
    case dracutGeneric
    /// dracut, for this server only: its usual way.
    case dracutHostOnly
    /// mkinitcpio; `isAutomatic` if it keeps only what this server needs.
    case mkinitcpio(isAutomatic: Bool)
    /// Something else, or nothing.
    case unknown

    static func read(_ files: SourceServerFiles) -> InitramfsPolicy {
        let tools = "/etc/initramfs-tools"
        if let text = files.text("\(tools)/initramfs.conf") {
            var (value, file) = (
                ConfigurationLines.values(of: "MODULES", in: text).last ?? "most", "\(tools)/initramfs.conf"
            )
            // Later files win, in the order of their names.
            for name in files.names(in: "\(tools)/conf.d") ?? [] {
                guard let text = files.text("\(tools)/conf.d/\(name)"),
                    let later = ConfigurationLines.values(of: "MODULES", in: text).last
                else { continue }
                (value, file) = (later, "\(tools)/conf.d/\(name)")
            }
            switch value {
            case "dep": return .initramfsToolsDependent(file: file)
            case "list": return .initramfsToolsList(file: file)
            default: return .initramfsToolsMost(file: file)
            }
        }
        if let text = files.text("/etc/mkinitcpio.conf") {
            let hooks = ConfigurationLines.values(of: "HOOKS", in: text).last ?? ""
            return .mkinitcpio(isAutomatic: hooks.holds("autodetect"))
        }
        let isDracut = ["/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut", "/etc/dracut.conf"].contains {
            files.exists($0)
        }
        guard isDracut else { return .unknown }
        var value = "yes"
        for file in ["/etc/dracut.conf"] + dracutFiles(files) {
            if let later = ConfigurationLines.values(of: "hostonly", in: files.text(file) ?? "").last { value = later }
        }
        return value == "no" ? .dracutGeneric : .dracutHostOnly
    }

    private static func dracutFiles(_ files: SourceServerFiles) -> [String] {
        ["/usr/lib/dracut/dracut.conf.d", "/etc/dracut.conf.d"].flatMap { directory in
            (files.names(in: directory) ?? []).filter { $0.hasSuffix(".conf") }.map { "\(directory)/\($0)" }
        }
    }

    /// Whether an image is made for the hardware of the server it is made on.
    var isForThisServerOnly: Bool {
        switch self {
        case .initramfsToolsDependent, .dracutHostOnly, .mkinitcpio(isAutomatic: true): true
        default: false
        }
    }

    /// The command that makes an image of `release` with `drivers` in it.
    func remedy(_ drivers: [Driver], release: String, image: String) -> String {
        let list = drivers.map(\.module).joined(separator: " ")
        switch self {
        case .initramfsToolsMost, .initramfsToolsDependent, .initramfsToolsList:
            return
                "Add \(list) to /etc/initramfs-tools/modules, one on a line, and run update-initramfs -u -k \(release)."
        case .dracutGeneric, .dracutHostOnly, .unknown:
            return
                "Run dracut --force --add-drivers \"\(list)\" \(image) \(release), or what this system makes its images with."
        case .mkinitcpio:
            return "Add \(list) to MODULES in /etc/mkinitcpio.conf and run mkinitcpio -P."
        }
    }
}

extension PreCheckID {
    /// How the server makes its initramfs images.
    public static let initramfsPolicy = PreCheckID("boot.initramfs-policy")
}

/// Whether the next image this server makes, at the next update of its kernel, will start at the target.
enum InitramfsPolicyCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let policy = InitramfsPolicy.read(server.files)
        let seen: String
        var advice = ""
        switch policy {
        case .initramfsToolsDependent(let file):
            seen = "\(file) says MODULES=dep: images are made for the hardware they are made on"
            advice =
                "Set MODULES=most: an update before the cutover, or one made on a converting host, leaves out again what the "
                + "target needs."
        case .initramfsToolsList(let file):
            seen = "\(file) says MODULES=list: images hold only what /etc/initramfs-tools/modules lists"
            advice = "Set MODULES=most, or keep the target's drivers in that list."
        case .initramfsToolsMost(let file): seen = "\(file) says MODULES=most: images hold the usual drivers"
        case .dracutGeneric: seen = "dracut makes images for any server (hostonly=no)"
        case .dracutHostOnly:
            seen =
                "dracut makes images for this server only (hostonly): what boot.drivers says has to stay true after updates"
        case .mkinitcpio(isAutomatic: true):
            seen = "mkinitcpio makes images for this server only (autodetect): what boot.drivers says has to stay true"
        case .mkinitcpio: seen = "mkinitcpio makes images for any server"
        case .unknown:
            return [
                .unchecked(
                    .initramfsPolicy,
                    "How initramfs images are made",
                    because: "no configuration of initramfs-tools, dracut or mkinitcpio was found"
                )
            ]
        }
        return [PreCheckFinding(.initramfsPolicy, advice.isEmpty ? .ok : .warning, seen, advice: advice)]
    }
}
