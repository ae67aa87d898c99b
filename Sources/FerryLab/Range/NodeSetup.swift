internal import CFerryLab
internal import Dispatch
internal import FerryCore
internal import Foundation
internal import Synchronization

/// What is done in the namespace of one node once its devices are there.
struct NodeSetup: Sendable {
    let node: Topology.Node
    let namespace: NodeNamespace
    /// Its devices, loopback and bridge aside.
    let devices: [String]
    /// Lines for `ip -batch`.
    let lines: [String]

    /// Does all of `setups`, as many at a time as there are processors: most of it is the start of `ip`, 2 ms for a node,
    /// and no node waits for another.
    static func run(_ setups: [NodeSetup]) throws(FerryError) {
        let failure = Mutex<FerryError?>(nil)
        DispatchQueue.concurrentPerform(iterations: setups.count) { index in
            guard failure.withLock({ $0 == nil }) else { return }
            do throws(FerryError) {
                try setups[index].run()
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func run() throws(FerryError) {
        try namespace.run { () throws(FerryError) in
            // Settings that new devices take over come before them; a device's own come after.
            try set()
            try NetworkTool.run(["ip", "-batch", "-"], input: lines.joined(separator: "\n") + "\n")
            // The packets of the lab are those of a real link, not super-packets.
            for device in devices { _ = ferry_turn_offloads_off(device) }
            if let filter = node.filter { try NetworkTool.run(["nft", "-f", "-"], input: filter) }
        }
    }

    private func set() throws(FerryError) {
        var settings = [
            "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0",
            "net.ipv6.conf.all.disable_ipv6": "1",
        ]
        settings.merge(node.settings) { $1 }
        for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
            try KernelSetting.set(key, value, at: node.name)
        }
    }
}
