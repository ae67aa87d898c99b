/// What has to be done to build a topology: pure text, in the order of doing.
struct RangePlan: Sendable, Equatable {
    /// Lines for `ip -batch` that make the pairs of devices.
    var base: [String] = []
    /// Lines for `ip -batch` in the namespace of each node.
    var perNode: [(node: String, lines: [String])] = []
    /// Devices of the lines, which exist already in the namespace of the lab: `ip -batch` lines that move them.
    var moves: [String] = []

    static func == (left: RangePlan, right: RangePlan) -> Bool {
        left.base == right.base && left.moves == right.moves
            && left.perNode.elementsEqual(right.perNode) { $0.node == $1.node && $0.lines == $1.lines }
    }

    /// The name that a line's device has before it is moved: short, and of this lab alone.
    static func device(ofLine number: Int, isNear: Bool) -> String { "ll\(number)\(isNear ? "n" : "f")" }

    /// The plan for `topology`.
    /// - Parameter path: of the namespace of a node.
    init(_ topology: Topology, path: (String) -> String) {
        var lines: [String: [String]] = [:]
        for node in topology.nodes {
            lines[node.name] = ["link set dev lo up"]
            lines[node.name]? += node.addresses.map { "addr add \($0) dev lo" }
            guard let bridge = node.bridge else { continue }
            lines[node.name]? += ["link add br0 type bridge forward_delay 0 stp_state 0", "link set dev br0 up"]
            if let address = bridge.address { lines[node.name]?.append("addr add \(address) dev br0") }
        }
        let switches = Set(topology.nodes.filter { $0.bridge != nil }.map(\.name))
        var lineNumber = 0
        for link in topology.links {
            if link.line == nil {
                base.append(
                    "link add name \(link.near.device) netns \(path(link.near.node)) type veth peer name "
                        + "\(link.far.device) netns \(path(link.far.node))"
                )
            } else {
                for (end, isNear) in [(link.near, true), (link.far, false)] {
                    let device = RangePlan.device(ofLine: lineNumber, isNear: isNear)
                    moves.append("link set dev \(device) netns \(path(end.node)) name \(end.device) txqueuelen 5000")
                }
                lineNumber += 1
            }
            for end in [link.near, link.far] {
                if switches.contains(end.node), end.address == nil {
                    lines[end.node]?.append("link set dev \(end.device) master br0")
                }
                if let address = end.address { lines[end.node]?.append("addr add \(address) dev \(end.device)") }
                lines[end.node]?.append("link set dev \(end.device) up")
            }
        }
        for node in topology.nodes {
            lines[node.name]? += node.routes.map { "route add \($0)" }
            lines[node.name]? += node.rules.map { "rule add \($0)" }
        }
        perNode = topology.nodes.map { ($0.name, lines[$0.name] ?? []) }
    }
}
