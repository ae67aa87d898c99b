internal import FerryCore

/// What a firewall, an address translator or a load balancer does that keeps a table of connections: forgets idle ones,
/// has room for so many, lets each live so long and carry so much.
final class SessionTable: Middlebox {
    struct Settings: Sendable, Equatable {
        var match = SegmentMatch()
        /// After so long without a packet a connection is unknown.
        var idle: Duration?
        /// How what is unknown is treated.
        var idleEnding = FlowEnding.drop
        /// How old a connection may become.
        var lifetime: Duration?
        /// How many bytes it may carry from its near end.
        var bytes: Int?
        /// How many connections there may be: of each near address, or of all.
        var most: Int?
        var mostIsOfAll = false
        /// How many bytes all connections of one near address to one port may carry.
        var quota: Int?
        /// How what is too old, too large or too many ends.
        var ending = FlowEnding.drop
        /// Who is told.
        var told = FlowEnding.Told.both
    }

    private struct Account: Hashable {
        var near: IPv4Address
        var port: UInt16
    }

    private let settings: Settings
    private var flows = FlowTable()
    private var accounts = BoundedMemory<Account, Int>()

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment else { return .passes }
        let key = FlowKey(segment, packet.way)
        guard settings.match.holds(for: key) else { return .passes }
        let known = flows[key]
        if let idle = settings.idle, !segment.isRequest {
            guard let known, packet.now - known.seen <= idle.nanoseconds else {
                flows.forget(key)
                // Nobody answers a reset with a reset.
                if !segment.flags.contains(.rst) {
                    settings.idleEnding.tell(
                        packet.way == .forward ? .near : .far,
                        of: segment,
                        packet.way,
                        known ?? Flow(segment, packet.way, at: packet.now),
                        &forged
                    )
                }
                return .ends
            }
        }
        let isNew = known == nil || known?.isOver == true
        if let most = settings.most, packet.way == .forward, segment.isRequest, isNew, count(key, packet.now) >= most {
            settings.ending.tell(.near, of: segment, .forward, Flow(began: packet.now, seen: packet.now), &forged)
            return .ends
        }
        let flow = flows.note(segment, packet.way, at: packet.now)
        if flow.isKilled { return .ends }
        guard exceeds(flow, key, segment, packet) else { return .passes }
        flows[key]?.isKilled = true
        settings.ending.tell(settings.told, of: segment, packet.way, flow, &forged)
        return .ends
    }

    private func exceeds(_ flow: Flow, _ key: FlowKey, _ segment: TCPSegment, _ packet: MetPacket) -> Bool {
        if let lifetime = settings.lifetime, packet.now - flow.began > lifetime.nanoseconds { return true }
        if let bytes = settings.bytes, flow.bytes > bytes { return true }
        if let quota = settings.quota, packet.way == .forward {
            let account = Account(near: key.near, port: key.farPort)
            accounts[account, default: 0] += segment.payload.count
            return accounts[account, default: 0] > quota
        }
        return false
    }

    /// Connections that count against the limit.
    private func count(_ key: FlowKey, _ now: UInt64) -> Int {
        flows.flows.count { other, flow in
            (settings.mostIsOfAll || other.near == key.near) && !flow.isOver && !flow.isKilled
                && now - flow.seen < 60_000_000_000
        }
    }
}
