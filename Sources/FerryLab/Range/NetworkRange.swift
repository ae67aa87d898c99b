public import FerryCore
internal import Glibc

/// A topology that stands: its namespaces, its lines, its services.
///
/// It has to be made in a user and a network namespace of its own: then it can reach nothing outside. Nothing of it is left
/// when its process ends, however that comes, because only the process keeps it.
public final class NetworkRange {
    /// What it was made from.
    public let topology: Topology
    /// The namespaces of its nodes.
    public let namespaces: [String: NodeNamespace]
    /// What about it is not as the topology says, because the kernel lacks it.
    public let notes: [String]
    /// What its cloud knows.
    public let ledger = CloudLedger()
    private var lines: [String: Line] = [:]
    /// By the name of the fault that made them.
    private var loads: [String: [LoadThread]] = [:]
    /// What settings were before a fault changed them.
    private var settingsBefore: [String: [Fault.Setting]] = [:]
    private var services: [(node: String, service: NodeService)] = []

    /// Builds `topology`.
    /// - Throws: `FerryError` with `ErrorCode.labTool`, with what the tool said, or `ErrorCode.labDevice`.
    public init(_ topology: Topology) throws(FerryError) {
        let (topology, notes) = CongestionControl.adapted(topology)
        self.topology = topology
        self.notes = notes
        namespaces = try NodeNamespace.make(topology.nodes.map(\.name))
        let namespaces = namespaces
        let plan = RangePlan(topology) { namespaces[$0]?.path ?? $0 }
        try NetworkTool.run(["ip", "-batch", "-"], input: plan.base.joined(separator: "\n") + "\n")
        try makeLines()
        if !plan.moves.isEmpty {
            try NetworkTool.run(["ip", "-batch", "-"], input: plan.moves.joined(separator: "\n") + "\n")
        }
        try NodeSetup.run(try setups(plan))
        for node in topology.nodes {
            for service in node.services {
                services.append((node.name, try NodeService(service, in: try namespace(of: node.name), ledger)))
            }
        }
        ledger.set(
            allowanceDelay: topology.cloud.allowanceDelay,
            isComplete: topology.cloud.recordsAreComplete
        )
    }

    private func setups(_ plan: RangePlan) throws(FerryError) -> [NodeSetup] {
        var devices: [String: [String]] = [:]
        for link in topology.links {
            for end in [link.near, link.far] { devices[end.node, default: []].append(end.device) }
        }
        var setups: [NodeSetup] = []
        for (node, (name, lines)) in zip(topology.nodes, plan.perNode) {
            setups.append(
                NodeSetup(
                    node: node,
                    namespace: try namespace(of: name),
                    devices: devices[name] ?? [],
                    lines: lines
                )
            )
        }
        return setups
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

    /// Changes a setting, and remembers what it was.
    func change(_ setting: Fault.Setting, of fault: Fault) throws(FerryError) {
        let before = try namespace(of: setting.node).run { () throws(FerryError) in
            let before = KernelSetting.value(setting.key)
            try KernelSetting.set(setting.key, setting.value, at: setting.node)
            return before
        }
        guard let before else { return }
        settingsBefore[fault.name, default: []].append(
            Fault.Setting(node: setting.node, key: setting.key, value: before)
        )
    }

    /// Sets what the fault `name` has changed to what it was.
    func restoreSettings(of name: String) throws(FerryError) {
        for setting in (settingsBefore.removeValue(forKey: name) ?? []).reversed() {
            try namespace(of: setting.node).run { () throws(FerryError) in
                try KernelSetting.set(setting.key, setting.value, at: setting.node)
            }
        }
    }

    /// Keeps what the fault `name` has started.
    func keep(_ load: LoadThread, for name: String) { loads[name, default: []].append(load) }

    /// What the fault `name` has started; from now on the caller's.
    func takeLoads(of name: String) -> [LoadThread] { loads.removeValue(forKey: name) ?? [] }

    /// Adds rules to a node, as `nft -f` reads them.
    public func load(_ filter: String, into node: String) throws(FerryError) {
        try run(["nft", "-f", "-"], at: node, input: filter)
    }

    /// Runs a program at a node.
    /// - Returns: what it wrote.
    @discardableResult
    func run(_ words: [String], at node: String, input: String = "") throws(FerryError) -> String {
        // A process is born where the thread is that makes it.
        try namespace(of: node).run { () throws(FerryError) in try NetworkTool.run(words, input: input) }
    }

    /// The namespace of a node.
    func namespace(of node: String) throws(FerryError) -> NodeNamespace {
        guard let namespace = namespaces[node] else {
            throw FerryError(
                .labUnknown,
                operation: "find",
                subject: "the node \(node)",
                cause: "the topology \(topology.name) has no such node",
                advice: "Name one of \(topology.nodes.map(\.name).joined(separator: ", "))."
            )
        }
        return namespace
    }

    /// The line of a link; nil if the link is a pair of devices that does nothing.
    public func line(ofLink name: String) -> Line? { lines[name] }

    /// Waits until the ports of all switches pass packets on, at most 3 s: the kernel may take a second to notice that a port
    /// has a carrier.
    public func settle() {
        for node in topology.nodes where node.bridge != nil {
            for _ in 0..<60 {
                let ports = (try? run(["ip", "-o", "link", "show", "master", "br0"], at: node.name)) ?? ""
                if ports.split(separator: "\n").allSatisfy({ $0.contains("state UP") }) { break }
                usleep(50_000)
            }
        }
    }

    /// The service at a port of a node.
    func service(_ node: String, _ port: UInt16) -> NodeService? {
        services.first { $0.node == node && $0.service.service.port == port }?.service
    }

    /// The links with lines, in the order of the topology.
    public var lineNames: [String] { topology.links.map(\.name).filter { lines[$0] != nil } }

    deinit { for line in lines.values { line.end() } }
}
