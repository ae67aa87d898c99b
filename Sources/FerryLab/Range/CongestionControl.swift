internal import Foundation

/// The congestion control that routes of a topology ask for (`congctl` of `ip route`): the only way by which a network
/// namespace without root chooses it.
enum CongestionControl {
    /// `topology` without what this kernel does not have, and what is said about that.
    static func adapted(_ topology: Topology) -> (Topology, [String]) {
        let path = "/proc/sys/net/ipv4/tcp_available_congestion_control"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return (topology, []) }
        return adapted(topology, to: Set(text.split(whereSeparator: \.isWhitespace).map(String.init)))
    }

    static func adapted(_ topology: Topology, to available: Set<String>) -> (Topology, [String]) {
        var (topology, missing) = (topology, Set<String>())
        for index in topology.nodes.indices {
            topology.nodes[index].routes = topology.nodes[index].routes.map { route in
                var words = route.split(separator: " ").map(String.init)
                guard let place = words.firstIndex(of: "congctl"), place + 1 < words.count,
                    !available.contains(words[place + 1])
                else { return route }
                missing.insert(words[place + 1])
                words.removeSubrange(place...place + 1)
                return words.joined(separator: " ")
            }
        }
        let notes = missing.sorted().map { "this kernel has no congestion control \($0): what it has is used" }
        return (topology, notes)
    }
}

extension Topology {
    /// What of it this machine's kernel does not have, each as a sentence.
    public var lacking: [String] { CongestionControl.adapted(self).1 }
}
