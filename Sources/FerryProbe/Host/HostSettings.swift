/// Settings of the kernel that a diagnosis asks for.
enum HostSettings {
    private static let names = [
        "net.core.somaxconn", "net.ipv4.ip_forward", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_congestion_control",
        "net.ipv4.tcp_ecn", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_mtu_probing",
        "net.ipv4.tcp_retries2", "net.ipv4.tcp_sack", "net.ipv4.tcp_syn_retries", "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_timestamps", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_window_scaling",
        "net.netfilter.nf_conntrack_count", "net.netfilter.nf_conntrack_max",
    ]

    /// Those that this kernel has.
    static func all() -> [String: String] {
        names.reduce(into: [:]) { settings, name in
            let path = "/proc/sys/" + String(name.map { $0 == "." ? "/" : $0 })
            let words = ProcText.words(path).first
            if let words { settings[name] = words.joined(separator: " ") }
        }
    }
}
