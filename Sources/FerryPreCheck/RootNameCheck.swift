/// Whether the kernel is told its root file system by a name that is still true at the target.
enum RootNameCheck {
    static func run(_ server: SourceServer, _ boot: BootConfiguration) -> [PreCheckFinding] {
        var sources = boot.entries.filter { !$0.isRescue }.map {
            (place: $0.place, arguments: $0.arguments, mayBeDefault: $0.mayBeDefault)
        }
        if sources.isEmpty, let line = server.files.text("/proc/cmdline", longest: 65536) {
            sources = [("/proc/cmdline", ConfigurationLines.words(line), true)]
        }
        guard !sources.isEmpty else {
            return [
                .unchecked(
                    .rootName,
                    "The name of the root file system",
                    because: "neither a boot loader's configuration nor /proc/cmdline can be read"
                )
            ]
        }
        var uses: [Use] = []
        for source in sources {
            for argument in ["root", "resume"] {
                guard let name = value(argument, source.arguments), DeviceName(name).mayChange else { continue }
                let isDecisive = argument == "root" && source.mayBeDefault
                if let index = uses.firstIndex(where: { $0.argument == argument && $0.name == name }) {
                    uses[index].places.append(source.place)
                    uses[index].isDecisive = uses[index].isDecisive || isDecisive
                } else {
                    uses.append(Use(argument: argument, name: name, places: [source.place], isDecisive: isDecisive))
                }
            }
        }
        var findings = uses.map { finding($0, server) }
        if findings.isEmpty {
            let names = sources.compactMap { value("root", $0.arguments) }
            let seen = names.first.map { "The root file system is named \($0), which stays true at the target" }
            findings.append(
                PreCheckFinding(.rootName, .ok, seen ?? "The initramfs image finds the root file system itself")
            )
        }
        return findings
    }

    /// A name that may not be true at the target, and everywhere it is used.
    private struct Use {
        var argument: String
        var name: String
        var places: [String]
        var isDecisive: Bool
    }

    private static func finding(_ use: Use, _ server: SourceServer) -> PreCheckFinding {
        let better = BlockDevices(server.files).stableName(of: use.name)
        let prefix = server.request.targetBus.diskNamePrefix
        // The same kind of disk may get the same letter again, or another one.
        let staysLikely = DeviceName(use.name) == .byOrder && use.name.hasPrefix("/dev/" + prefix)
        let more = use.places.count > 1 ? " (and \(use.places.count - 1) more)" : ""
        return PreCheckFinding(
            .rootName,
            use.isDecisive && !staysLikely ? .critical : .warning,
            "\(use.places[0])\(more) says \(use.argument)=\(use.name), "
                + (staysLikely
                    ? "which is true at the target only if the disks keep their order"
                    : "a name that does not exist at the target"),
            advice: "Write \(use.argument)=\(better ?? "UUID= with what blkid says of \(use.name)") there (with GRUB: "
                + "check /etc/default/grub, and that /dev/disk/by-uuid exists when update-grub runs)."
        )
    }

    private static func value(_ name: String, _ arguments: [String]) -> String? {
        arguments.last { $0.hasPrefix(name + "=") }.map {
            ConfigurationLines.unquoted(String($0.dropFirst(name.count + 1)))
        }
    }
}
