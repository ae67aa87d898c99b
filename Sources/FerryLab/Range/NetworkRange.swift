internal import CFerryLab
public import FerryCore
internal import Foundation

/// A topology that stands: its namespaces, its lines, its services.
///
/// It has to be made in network, user and mount namespaces of its own, with a /run of its own: then it can reach nothing
/// outside, and nothing of it is left when its process ends, however that comes.
public final class NetworkRange {
    /// What it was made from.
    public let topology: Topology
    private var lines: [String: Line] = [:]

    /// Builds `topology`.
    /// - Throws: `FerryError` with `ErrorCode.labTool`, with what the tool said, or `ErrorCode.labDevice`.
    public init(_ topology: Topology) throws(FerryError) {
        self.topology = topology
        let plan = RangePlan(topology)
        try Tool.run(["ip", "-batch", "-"], input: plan.base.joined(separator: "\n") + "\n")
        try makeLines()
        if !plan.moves.isEmpty {
            try Tool.run(["ip", "-batch", "-"], input: plan.moves.joined(separator: "\n") + "\n")
        }
        for (node, lines) in plan.perNode {
            try configure(node, before: true)
            try Tool.run(["ip", "-n", node, "-batch", "-"], input: lines.joined(separator: "\n") + "\n")
            try configure(node, before: false)
        }
        for node in topology.nodes {
            if let filter = node.filter { try load(filter, into: node.name) }
            for service in node.services { try ServiceHost.start(service, in: node.name) }
        }
    }

    private func makeLines() throws(FerryError) {
        var number = 0
        for link in topology.links {
            guard let settings = link.line else { continue }
            lines[link.name] = try Line(
                names: (
                    RangePlan.device(ofLine: number, isNear: true), RangePlan.device(ofLine: number, isNear: false)
                ),
                forward: settings.forward,
                back: settings.back,
                seed: topology.seed &+ UInt64(number) &* 0x9E37_79B9
            )
            number += 1
        }
    }

    /// Settings that new devices take over come before them; a device's own come after.
    private func configure(_ name: String, before: Bool) throws(FerryError) {
        guard let node = topology.nodes.first(where: { $0.name == name }) else { return }
        let devices = topology.links.flatMap { [$0.near, $0.far] }.filter { $0.node == name }.map(\.device)
        try NamespaceThread.run(in: name) { () throws(FerryError) in
            guard before else {
                // The packets of the lab are those of a real link, not super-packets.
                for device in devices { _ = ferry_turn_offloads_off(device) }
                return
            }
            var settings = [
                "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0",
                "net.ipv6.conf.all.disable_ipv6": "1",
            ]
            settings.merge(node.settings) { $1 }
            for (key, value) in settings.sorted(by: { $0.key < $1.key }) { try NetworkRange.set(key, value, at: name) }
        }
    }

    private static func set(_ key: String, _ value: String, at node: String) throws(FerryError) {
        let path = "/proc/sys/" + key.split(separator: ".").joined(separator: "/")
        do {
            try value.write(toFile: path, atomically: false, encoding: .utf8)
        } catch {
            // A kernel without IPv6 has nothing to turn off.
            if key.hasPrefix("net.ipv6."), !FileManager.default.fileExists(atPath: path) { return }
            throw FerryError(
                .labDevice,
                operation: "set",
                subject: "\(key) of \(node)",
                cause: "\(error.localizedDescription)",
                advice: "The kernel does not offer it to network namespaces; take it out of the topology."
            )
        }
    }

    /// Adds rules to a node, as `nft -f` reads them.
    public func load(_ filter: String, into node: String) throws(FerryError) {
        try Tool.run(["ip", "netns", "exec", node, "nft", "-f", "-"], input: filter)
    }

    /// The line of a link; nil if the link is a pair of devices that does nothing.
    public func line(ofLink name: String) -> Line? { lines[name] }

    /// The links with lines, in the order of the topology.
    public var lineNames: [String] { topology.links.map(\.name).filter { lines[$0] != nil } }

    deinit { for line in lines.values { line.end() } }
}
