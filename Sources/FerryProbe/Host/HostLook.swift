internal import CFerryLinux
internal import FerryAddress
internal import FerryCore
internal import FerryEvidence
internal import FerryResolver
internal import Glibc

/// Looks at this host, without privileges.
struct HostLook {
    private let plan: HostPlan
    private let resolver: Resolver
    private let stop: ProbeStop
    private let clock = ProbeClock()
    /// Seconds for finding the addresses of all names: whoever asks does not wait for longer.
    private static let resolving = 8.0

    init(_ plan: HostPlan, resolver: Resolver, stop: ProbeStop) {
        self.plan = plan
        self.resolver = resolver
        self.stop = stop
    }

    func record() -> HostRecord {
        var record = HostRecord(plan, startedAt: "\(UTCTime.now())")
        record.addresses = HostAddresses.all()
        record.counters = HostCounters.all()
        record.settings = HostSettings.all()
        let table = ConnectionTable.now()
        if table == nil { record.vantageProblem = "/proc/net/tcp cannot be read there: mount /proc for the vantage" }
        let rows = table?.rows ?? []
        let queues = listeners()
        for port in plan.ownPorts where !stop.isSet { record.listeners.append(listener(port, rows, queues)) }
        for name in plan.peers where !stop.isSet { record.peers.append(peer(PeerName(name), rows)) }
        return record
    }

    private func listener(
        _ port: UInt16,
        _ rows: [ConnectionTable.Row],
        _ queues: [ferry_listener]
    ) -> HostRecord.Listener {
        let own = rows.filter { $0.localPort == port }
        let listening = own.filter { $0.state == ConnectionTable.listening }
        var listener = HostRecord.Listener(port: port, listens: !listening.isEmpty)
        if !listening.isEmpty { listener.waiting = listening.reduce(0) { $0 + $1.receiveQueue } }
        listener.mostWaiting = queues.filter { $0.port == port }.map { Int($0.most) }.max()
        listener.states = states(own.filter { $0.state != ConnectionTable.listening })
        return listener
    }

    private func peer(_ name: PeerName, _ rows: [ConnectionTable.Row]) -> HostRecord.Peer {
        var peer = HostRecord.Peer(name: name.text)
        let left = max(0.001, min(4, HostLook.resolving - clock.seconds))
        guard let address = (try? resolver.addresses(of: name.host, within: .seconds(left)))?.first else {
            peer.routeError = EDESTADDRREQ
            return peer
        }
        let own = rows.filter { $0.remote.address == address && (name.port == nil || $0.remote.port == name.port) }
        peer.states = states(own)
        peer.localPorts = Set(own.map(\.localPort)).count
        peer.sendQueue = own.reduce(0) { $0 + $1.sendQueue }
        (peer.routeError, peer.localAddress) = route(to: address)
        return peer
    }

    private func states(_ rows: [ConnectionTable.Row]) -> [String: Int] {
        rows.reduce(into: [:]) { $0["\($1.state)", default: 0] += 1 }
    }

    /// Connecting a datagram's socket sends nothing, and finds the way.
    private func route(to address: IPAddress) -> (Int32, String?) {
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { return (errno, nil) }
        defer { close(descriptor) }
        guard KernelAddress(IPEndpoint(address, port: 9)).pass({ connect(descriptor, $0, $1) }) == 0 else {
            return (errno, nil)
        }
        return (0, KernelAddress.bound(descriptor).map { "\($0.address)" })
    }

    private func listeners() -> [ferry_listener] {
        var listeners = [ferry_listener](repeating: ferry_listener(), count: 4096)
        let count = ferry_listeners(&listeners, Int32(listeners.count))
        return count > 0 ? Array(listeners[..<Int(count)]) : []
    }
}
