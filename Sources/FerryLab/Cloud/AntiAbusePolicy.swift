internal import FerryCore

/// The security policy of the case's cloud: it counts connections and bytes of each (source address, destination port), looks
/// at how many instances come and go, blocks what is too much, remembers, and follows an offender to fresh ports.
final class AntiAbusePolicy: Middlebox {
    struct Settings: Sendable, Equatable {
        /// So many within a time are an offence if there are more.
        struct Limit: Sendable, Equatable {
            var count: Int
            var within: Duration
        }

        /// When a block holds.
        struct Duty: Sendable, Equatable {
            var holds: Duration
            var rests: Duration
        }

        /// What a block matches.
        enum Part: String, CaseIterable, Sendable {
            case sourceAddress = "source-address"
            case destinationAddress = "destination-address"
            case destinationPort = "destination-port"
        }

        /// Which connections are watched.
        var match = SegmentMatch()
        /// Ports that are never blocked.
        var exempt: Set<UInt16> = []
        var parts: Set<Part> = [.sourceAddress, .destinationPort]
        var connections: Limit?
        var bytes: Limit?
        /// Instances made and released: while there are more, an offender's limits hold for everybody.
        var churn: Limit?
        /// The limits of whoever has offended before, or while instances come and go.
        var connectionsAgain: Limit?
        var bytesAgain: Limit?
        /// For so long an offender is one.
        var follows = Duration.zero
        var ending = FlowEnding.reset
        /// Whether the handshake is let pass, and the connection ended after it.
        var isAfterHandshake = false
        /// How long a block lasts; nil until it is lifted.
        var memory: Duration?
        /// Whether every packet that meets a block renews it.
        var isRenewed = false
        /// A block holds for the first of these times, then not for the second, and so on: nil if it always does.
        var duty: Duty?
        /// What the records call it.
        var name = "anti-abuse"
    }

    private struct Key: Hashable {
        var source: IPv4Address
        var destination: IPv4Address
        var port: UInt16
    }

    private let settings: Settings
    private let ledger: CloudLedger
    private var flows = FlowTable()
    private var connections = BoundedMemory<Key, SlidingCount>()
    private var bytes = BoundedMemory<Key, SlidingCount>()

    init(_ settings: Settings, _ ledger: CloudLedger) {
        self.settings = settings
        self.ledger = ledger
    }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment else { return .passes }
        let flowKey = FlowKey(segment, packet.way)
        guard settings.match.holds(for: flowKey), !settings.exempt.contains(flowKey.farPort) else { return .passes }
        // A request from a tuple that is in use is a new connection, too: the old one is gone for whoever asks.
        let isNew = flows[flowKey].map { $0.isOver || $0.isEstablished } ?? true
        let flow = flows.note(segment, packet.way, at: packet.now)
        // What goes back belongs to a connection that was let pass or ended.
        guard packet.way == .forward else { return flow.isKilled ? .ends : .passes }
        if ledger.isAllowed(flowKey.near, at: packet.now) {
            flows[flowKey]?.isKilled = false
            return .passes
        }
        if let block = ledger.block(flowKey.near, flowKey.far, flowKey.farPort, at: packet.now) {
            if settings.isRenewed, let memory = settings.memory {
                ledger.prolong(block, until: packet.now + memory.nanoseconds)
            }
            return holds(block, packet.now) ? end(segment, flowKey, flow, &forged) : .passes
        }
        if flow.isKilled {
            // A connection that a block has ended does not come back with the block's end.
            guard segment.isRequest else { return .ends }
            flows[flowKey]?.isKilled = false
        }
        guard offends(segment, key(flowKey), isNew: isNew, at: packet.now) else { return .passes }
        ledger.add(
            CloudLedger.Act(
                kind: .block,
                source: settings.parts.contains(.sourceAddress) ? flowKey.near : nil,
                destination: settings.parts.contains(.destinationAddress) ? flowKey.far : nil,
                port: settings.parts.contains(.destinationPort) ? flowKey.farPort : nil,
                action: settings.ending.rawValue,
                policy: settings.name,
                since: packet.now,
                until: settings.memory.map { packet.now + $0.nanoseconds }
            )
        )
        connections[key(flowKey)] = nil
        bytes[key(flowKey)] = nil
        return end(segment, flowKey, flow, &forged)
    }

    private func key(_ flow: FlowKey) -> Key {
        Key(
            source: settings.parts.contains(.sourceAddress) ? flow.near : .any,
            destination: settings.parts.contains(.destinationAddress) ? flow.far : .any,
            port: settings.parts.contains(.destinationPort) ? flow.farPort : 0
        )
    }

    private func holds(_ block: CloudLedger.Act, _ now: UInt64) -> Bool {
        guard let duty = settings.duty else { return true }
        let cycle = duty.holds.nanoseconds + duty.rests.nanoseconds
        return cycle == 0 || (now - min(now, block.since)) % cycle < duty.holds.nanoseconds
    }

    private func end(
        _ segment: TCPSegment,
        _ key: FlowKey,
        _ flow: Flow,
        _ forged: inout ForgedPackets
    ) -> MiddleboxVerdict {
        if settings.isAfterHandshake, !flow.isEstablished, !segment.flags.contains(.rst) { return .passes }
        // Once told is told: what is still under way is swallowed.
        if flow.isKilled, !segment.isRequest { return .ends }
        flows[key]?.isKilled = true
        if !segment.flags.contains(.rst) { settings.ending.tell(.both, of: segment, .forward, flow, &forged) }
        return .ends
    }

    private func offends(_ segment: TCPSegment, _ key: Key, isNew: Bool, at now: UInt64) -> Bool {
        let isWatched =
            (settings.follows > .zero
                && ledger.hasOffended(key.source, since: now - min(now, settings.follows.nanoseconds)))
            || settings.churn.map { ledger.churn(since: now - min(now, $0.within.nanoseconds)) > $0.count } ?? false
        let connectionLimit = isWatched ? settings.connectionsAgain ?? settings.connections : settings.connections
        let byteLimit = isWatched ? settings.bytesAgain ?? settings.bytes : settings.bytes
        if segment.isRequest, isNew, let limit = connectionLimit {
            let count = connections[key, default: SlidingCount()].add(1, at: now, within: limit.within)
            if count > limit.count { return true }
        }
        if !segment.payload.isEmpty, let limit = byteLimit {
            let count = bytes[key, default: SlidingCount()].add(segment.payload.count, at: now, within: limit.within)
            if count > limit.count { return true }
        }
        return false
    }
}
