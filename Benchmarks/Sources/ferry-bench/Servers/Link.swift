import Foundation

/// The pair of network devices between the two servers.
final class Link {
    /// How fast the link is.
    enum Speed: Equatable {
        case open
        case megabits(Int)
    }

    private let source: Host
    private let staging: Host

    init(_ source: Host, _ staging: Host) throws(BenchmarkError) {
        self.source = source
        self.staging = staging
        try Tool.run([
            "ip", "link", "add", source.device, "netns", source.namespace, "type", "veth", "peer", "name",
            staging.device, "netns", staging.namespace,
        ])
        for host in [source, staging] {
            try Tool.run(["ip", "-n", host.namespace, "address", "add", "\(host.address)/24", "dev", host.device])
            try Tool.run(["ip", "-n", host.namespace, "link", "set", "lo", "up"])
            try Tool.run(["ip", "-n", host.namespace, "link", "set", host.device, "up"])
        }
    }

    /// Shapes both directions.
    func shape(_ speed: Speed) throws(BenchmarkError) {
        for host in [source, staging] {
            // There is nothing to delete on an open link.
            _ = try Tool.attempt(["tc", "-n", host.namespace, "qdisc", "del", "dev", host.device, "root"])
            guard case .megabits(let rate) = speed else { continue }
            try Tool.run([
                "tc", "-n", host.namespace, "qdisc", "add", "dev", host.device, "root", "tbf", "rate", "\(rate)mbit",
                "burst", "256kb", "latency", "50ms",
            ])
        }
    }

    /// Whether the devices may carry packets larger than a real link's, to be cut further down. Usual, and faster; but
    /// then the headers of the packets they would be cut into are not counted.
    /// - Returns: how it was set.
    func mayCarryLargePackets(_ may: Bool) throws(BenchmarkError) -> String {
        for host in [source, staging] {
            if Tool.path(of: "ethtool") != nil {
                let state = may ? "on" : "off"
                try Tool.run([
                    "nsenter", "--net=/run/netns/\(host.namespace)", "ethtool", "-K", host.device, "tso", state, "gso",
                    state, "gro", state,
                ])
            } else {
                try Tool.run([
                    "ip", "-n", host.namespace, "link", "set", host.device, "gso_max_segs", may ? "65535" : "1",
                ])
            }
        }
        return Tool.path(of: "ethtool") != nil ? "ethtool -K tso off gso off gro off" : "ip link set gso_max_segs 1"
    }

    /// Bytes that the shaper let out of the source server since `shape`, as it counts them against its rate: with the
    /// headers of every packet that a large one stands for, which the device's own counters leave out.
    func shapedBytes() throws(BenchmarkError) -> Int {
        struct Discipline: Decodable { var bytes: Int }
        let text = try Tool.run(["tc", "-j", "-s", "-n", source.namespace, "qdisc", "show", "dev", source.device])
        guard let discipline = try? JSONDecoder().decode([Discipline].self, from: Data(text.utf8)).first else {
            throw BenchmarkError(.failure, "could not read what tc says of \(source.device): \(text)")
        }
        return discipline.bytes
    }

    /// What went over the link since it was made.
    func counters() throws(BenchmarkError) -> LinkCounters {
        guard let text = try? String(contentsOfFile: source.networkFile("dev"), encoding: .utf8),
            let counters = LinkCounters(device: source.device, in: text)
        else { throw BenchmarkError(.failure, "could not read the counters of \(source.device)") }
        return counters
    }
}
