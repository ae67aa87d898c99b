extension PreCheckID {
    /// Network configurations that will not fit at the target.
    public static let staticAddresses = PreCheckID("network.static-addresses")
}

/// Whether interfaces have fixed addresses, or are recognised by their hardware address: at the target's network
/// neither may be true, and the moved server is then not reachable.
enum StaticAddressCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let files = server.files
        guard files.names(in: "/etc") != nil else {
            return [.unchecked(.staticAddresses, "The network's configuration", because: "/etc cannot be read")]
        }
        var fixed: [String] = []
        var tied: [String] = []
        for (file, format) in configurations(files) {
            guard let text = files.text(file) else { continue }
            let lines = ConfigurationLines.of(text, comments: ["#", ";"]).map { $0.text.lowercased() }
            if format.isFixed(lines) { fixed.append(file) }
            if format.isTied(lines) { tied.append(file) }
        }
        var findings: [PreCheckFinding] = []
        if !fixed.isEmpty {
            findings.append(
                PreCheckFinding(
                    .staticAddresses,
                    .warning,
                    "Fixed addresses are configured in \(fixed.joined(separator: ", "))",
                    advice: "Give the target the same addresses, or change the copy to DHCP; have a console ready."
                )
            )
        }
        if !tied.isEmpty {
            findings.append(
                PreCheckFinding(
                    .staticAddresses,
                    .warning,
                    "Interfaces are recognised by their hardware address in \(tied.joined(separator: ", "))",
                    advice:
                        "Remove the hardware address, or that configuration will apply to no interface at the target."
                )
            )
        }
        if findings.isEmpty {
            let seen = "No fixed address and no hardware address was found in the network's configuration"
            findings.append(PreCheckFinding(.staticAddresses, .ok, seen))
        }
        return findings
    }

    private enum Format {
        case ifupdown, netplan, networkManager, ifcfg, networkd

        func isFixed(_ lines: [String]) -> Bool {
            switch self {
            case .ifupdown: lines.contains { $0.hasPrefix("iface ") && $0.hasSuffix(" static") }
            case .netplan: Format.netplanHasAddresses(lines)
            case .networkManager: lines.contains { $0.hasPrefix("method=manual") || $0.hasPrefix("address1=") }
            case .ifcfg: lines.contains { $0.hasPrefix("ipaddr") } && !lines.contains { $0.hasPrefix("ipaddr=127.") }
            case .networkd: lines.contains { $0.hasPrefix("address=") || $0.hasPrefix("gateway=") }
            }
        }

        /// The list of name servers has addresses of its own, which say nothing about the interface's.
        private static func netplanHasAddresses(_ lines: [String]) -> Bool {
            var isInNameservers = false
            for line in lines {
                if line.hasPrefix("nameservers:") {
                    isInNameservers = !line.holds("addresses")
                } else if line.hasPrefix("addresses:") {
                    if !isInNameservers { return true }
                    isInNameservers = false
                }
            }
            return lines.contains { $0.hasPrefix("gateway4:") }
        }

        func isTied(_ lines: [String]) -> Bool {
            switch self {
            case .ifupdown: lines.contains { $0.hasPrefix("hwaddress ") }
            case .netplan: lines.contains { $0.hasPrefix("macaddress:") }
            case .networkManager: lines.contains { $0.hasPrefix("mac-address=") }
            case .ifcfg: lines.contains { $0.hasPrefix("hwaddr=") || $0.hasPrefix("lladdr=") }
            case .networkd: lines.contains { $0.hasPrefix("macaddress=") || $0.hasPrefix("permanentmacaddress=") }
            }
        }
    }

    private static func configurations(_ files: SourceServerFiles) -> [(String, Format)] {
        let directories: [(String, Format, (String) -> Bool)] = [
            ("/etc/network/interfaces.d", .ifupdown, { _ in true }),
            ("/etc/netplan", .netplan, { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }),
            ("/etc/NetworkManager/system-connections", .networkManager, { _ in true }),
            ("/etc/sysconfig/network-scripts", .ifcfg, { $0.hasPrefix("ifcfg-") && $0 != "ifcfg-lo" }),
            ("/etc/sysconfig/network", .ifcfg, { $0.hasPrefix("ifcfg-") && $0 != "ifcfg-lo" }),
            ("/etc/systemd/network", .networkd, { $0.hasSuffix(".network") }),
        ]
        var found: [(String, Format)] = [("/etc/network/interfaces", .ifupdown)]
        for (directory, format, isWanted) in directories {
            found += (files.names(in: directory) ?? []).filter(isWanted).map { ("\(directory)/\($0)", format) }
        }
        return found
    }
}
