extension PreCheckID {
    /// Rules that give network interfaces their names.
    public static let interfaceNames = PreCheckID("network.interface-names")
}

/// Whether rules tie the names of network interfaces to the hardware of this server.
enum InterfaceNameCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let files = server.files
        guard files.names(in: "/etc") != nil else {
            return [.unchecked(.interfaceNames, "Names of network interfaces", because: "/etc cannot be read")]
        }
        var ties: [String] = []
        let rules = "/etc/udev/rules.d/70-persistent-net.rules"
        let named = ConfigurationLines.of(files.text(rules) ?? "").compactMap { line in
            line.text.holds("ATTR{address}") ? line.text.part(between: " NAME=\"", and: "\"") : nil
        }
        if !named.isEmpty { ties.append("\(rules) (\(named.joined(separator: ", ")))") }
        for name in files.names(in: "/etc/systemd/network") ?? [] where name.hasSuffix(".link") {
            let text = files.text("/etc/systemd/network/\(name)") ?? ""
            let addresses =
                ConfigurationLines.values(of: "MACAddress", in: text)
                + ConfigurationLines.values(of: "PermanentMACAddress", in: text)
            if !addresses.isEmpty { ties.append("/etc/systemd/network/\(name)") }
        }
        guard !ties.isEmpty else {
            return [PreCheckFinding(.interfaceNames, .ok, "No rule ties an interface's name to this server's hardware")]
        }
        return [
            PreCheckFinding(
                .interfaceNames,
                .warning,
                "Interfaces get their names by hardware address: \(ties.joined(separator: "; "))",
                advice:
                    "At the target the interface has another address and gets the next free name (eth1 instead of eth0): "
                    + "remove the rules from the copy, or before the final pass."
            )
        ]
    }
}

extension String {
    /// What stands between the first `start` and the next `end` after it; nil without both.
    func part(between start: String, and end: String) -> String? {
        let bytes = Array(utf8)
        func find(_ part: String, from: Int) -> Int? {
            let part = Array(part.utf8)
            guard bytes.count - from >= part.count else { return nil }
            return (from...(bytes.count - part.count)).first { bytes[$0..<($0 + part.count)].elementsEqual(part) }
        }
        guard let first = find(start, from: 0), let last = find(end, from: first + start.utf8.count) else { return nil }
        return String(decoding: bytes[(first + start.utf8.count)..<last], as: UTF8.self)
    }
}
