/// The kernel's counters of its network code.
enum HostCounters {
    private static let groups: Set<String> = ["Ip", "Icmp", "Tcp", "TcpExt", "IpExt"]

    /// Those of /proc/net/snmp and /proc/net/netstat as `TcpExt.ListenOverflows`, those of connection tracking as
    /// `Conntrack.insert_failed`, and of all devices together what was lost there, as `Device.rx_drop`, and in the queues
    /// before them, as `Queue.drops`.
    static func all() -> [String: Int] {
        var counters: [String: Int] = [:]
        for path in ["/proc/net/snmp", "/proc/net/netstat"] {
            counters.merge(pairs(ProcText.words(path))) { _, new in new }
        }
        counters.merge(columns(ProcText.words("/proc/net/stat/nf_conntrack"))) { _, new in new }
        counters.merge(losses(ofDevices: ProcText.words("/proc/net/dev"))) { _, new in new }
        counters.merge(QueueCounters.all()) { _, new in new }
        // Whoever asks takes no larger ones.
        return counters.filter { $0.value <= VantageWords.largest }
    }

    /// Lines in pairs: names, and their values.
    static func pairs(_ lines: [[String]]) -> [String: Int] {
        var counters: [String: Int] = [:]
        for (names, values) in zip(lines, lines.dropFirst()) where names.first == values.first {
            guard let group = names.first.map({ String($0.dropLast()) }), groups.contains(group) else { continue }
            for (name, value) in zip(names, values).dropFirst() {
                if let number = Int(value) { counters["\(group).\(name)"] = number }
            }
        }
        return counters
    }

    /// Two lines of heads, and one for each device: eight numbers of what came, and eight of what was sent. The loopback loses
    /// nothing of what goes elsewhere.
    static func losses(ofDevices lines: [[String]]) -> [String: Int] {
        let places = ["rx_errs": 3, "rx_drop": 4, "rx_fifo": 5, "tx_errs": 11, "tx_drop": 12, "tx_fifo": 13]
        var counters: [String: Int] = [:]
        for line in lines.dropFirst(2) where line.count >= 17 && line[0] != "lo:" {
            for (name, place) in places {
                guard let number = Int(line[place]) else { continue }
                counters["Device.\(name)", default: 0] += number
            }
        }
        return counters
    }

    /// A line of names, and one of hexadecimal values for each processor.
    static func columns(_ lines: [[String]]) -> [String: Int] {
        guard let names = lines.first else { return [:] }
        var counters: [String: Int] = [:]
        for line in lines.dropFirst() {
            for (name, value) in zip(names, line) {
                guard let number = Int(value, radix: 16) else { continue }
                // The same on each line: how many there are now, in all.
                let key = "Conntrack.\(name)"
                counters[key] = name == "entries" ? number : (counters[key] ?? 0) + number
            }
        }
        return counters
    }
}
