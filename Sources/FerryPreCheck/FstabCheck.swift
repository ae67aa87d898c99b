extension PreCheckID {
    /// Entries of /etc/fstab that may stop the moved server from starting.
    public static let fstab = PreCheckID("boot.fstab")
}

/// Whether everything in /etc/fstab can be mounted at the target. What cannot, and is not optional, stops the start
/// until somebody at the console helps.
enum FstabCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        guard let entries = Fstab.read(server.files) else {
            return [.unchecked(.fstab, "What is mounted at the start", because: "/etc/fstab cannot be read")]
        }
        let devices = BlockDevices(server.files)
        var findings = entries.compactMap { entry in entry.needsDevice ? finding(entry, devices) : nil }
        let remote = entries.filter(\.isRemote)
        let risky = remote.filter { !$0.isOptional && !$0.options.contains("_netdev") }
        if !remote.isEmpty {
            let list = remote.map { "line \($0.line): \($0.device) at \($0.directory)" }.joined(separator: "; ")
            findings.append(
                PreCheckFinding(
                    .fstab,
                    risky.isEmpty ? .ok : .warning,
                    "/etc/fstab mounts from other servers (\(list))",
                    advice: risky.isEmpty
                        ? ""
                        : "Add nofail,_netdev to line \(risky.map { String($0.line) }.joined(separator: ", ")), or the start "
                            + "at the target may wait for a server it cannot reach."
                )
            )
        }
        if !findings.contains(where: { $0.level > .ok }) {
            let count = entries.filter(\.needsDevice).count
            findings.insert(PreCheckFinding(.fstab, .ok, "/etc/fstab names \(count) devices by what is on them"), at: 0)
        }
        return findings
    }

    private static func finding(_ entry: FstabEntry, _ devices: BlockDevices) -> PreCheckFinding? {
        let place = "/etc/fstab line \(entry.line)"
        let use = entry.isSwap ? "swap" : entry.directory
        if devices.exists(entry.device) == false, !entry.isOptional {
            return PreCheckFinding(
                .fstab,
                entry.isSwap ? .warning : .critical,
                "\(place) names \(entry.device) for \(use), which is not there now",
                advice: entry.isSwap
                    ? "Remove the line, or the start will wait 90 s for it."
                    : "Remove the line or add nofail: otherwise the server will hang at boot."
            )
        }
        let kind = DeviceName(entry.device)
        guard kind.mayChange else {
            guard devices.exists(entry.device) == nil, kind == .byContent, !entry.isOptional else { return nil }
            return .unchecked(
                .fstab,
                "\(place): whether \(entry.device) is there",
                because: "the server's /dev cannot be seen",
                advice: "Compare it with what blkid says."
            )
        }
        let reason =
            switch kind {
            case .byPath: "the place the disk is plugged into"
            case .byHardware: "the disk's serial number"
            default: "the order of the disks"
            }
        return PreCheckFinding(
            .fstab,
            .warning,
            "\(place) names \(entry.device) for \(use), a name that depends on \(reason)",
            advice: "Write \(devices.stableName(of: entry.device) ?? "UUID= with what blkid says") instead"
                + (entry.directory == "/" || entry.isOptional
                    ? "." : ": otherwise the start at the target may stop there.")
        )
    }
}
