/// Answers handshakes itself, and lets nothing pass: a SYN proxy, a load balancer or another box that ends TCP, with
/// nothing behind it.
final class HandshakeAnswerer: Middlebox {
    struct Settings: Sendable, Equatable {
        var match = SegmentMatch()
        /// What comes after the handshake: `drop` is silence.
        var ending = FlowEnding.drop
        /// Whether it comes only once there was content.
        var waitsForContent = false
        /// The window that it offers.
        var window: UInt16 = 0
        var timeToLive: UInt8 = 64
    }

    private let settings: Settings
    private var flows = FlowTable()

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment else { return .passes }
        let key = FlowKey(segment, packet.way)
        guard settings.match.holds(for: key) else { return .passes }
        guard packet.way == .forward else { return .ends }
        let isOver = flows[key]?.isKilled ?? false
        flows.note(segment, .forward, at: packet.now)
        if segment.isRequest {
            flows[key]?.isAnswered = true
            flows[key]?.isKilled = false
            forged.add(answer(segment, key, [.syn, .ack], sequence(key), segment.next), .back)
        } else if settings.ending != .drop, !isOver, !segment.flags.contains(.rst),
            !settings.waitsForContent || !segment.payload.isEmpty
        {
            flows[key]?.isKilled = true
            let flags: TCPSegment.Flags = settings.ending == .close ? [.fin, .ack] : [.rst, .ack]
            forged.add(answer(segment, key, flags, segment.acknowledgement, segment.next), .back)
        }
        return .ends
    }

    private func answer(
        _ segment: TCPSegment,
        _ key: FlowKey,
        _ flags: TCPSegment.Flags,
        _ sequence: UInt32,
        _ acknowledgement: UInt32
    ) -> ForgedSegment {
        ForgedSegment(
            source: key.far,
            sourcePort: key.farPort,
            destination: key.near,
            destinationPort: key.nearPort,
            sequence: sequence,
            acknowledgement: acknowledgement,
            flags: flags,
            window: settings.window,
            timeToLive: settings.timeToLive
        )
    }

    /// A cookie: the same for a request that comes again.
    private func sequence(_ key: FlowKey) -> UInt32 {
        var mixed = UInt64(key.near.bits) << 32 | UInt64(key.nearPort) << 16 | UInt64(key.farPort)
        mixed = (mixed ^ mixed >> 31) &* 0xBF58_476D_1CE4_E5B9
        return UInt32(truncatingIfNeeded: mixed >> 24)
    }
}
