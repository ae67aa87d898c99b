internal import FerryCore

/// Sends segments in the name of the ends of a connection: what an intrusion detection system or a censor does beside the
/// path (the packet that provoked it passes), or in it (it does not).
final class Injector: Middlebox {
    struct Settings: Sendable, Equatable {
        /// What provokes it.
        enum Cause: Sendable, Equatable {
            /// A request for a connection.
            case request
            /// The end of the handshake.
            case handshake
            /// Content from the near end.
            case content
            /// Content from the near end with these bytes in it.
            case text([UInt8])
            /// So many bytes from the near end.
            case bytes(Int)
        }

        var match = SegmentMatch()
        var cause = Cause.content
        var ending = FlowEnding.reset
        var told = FlowEnding.Told.both
        /// So many segments, each `step` further on in the sequence space: an injector does not know how far the
        /// connection has come by when they arrive.
        var count = 1
        var step: UInt32 = 0
        /// The time to live that they begin with; nil copies that of the end in whose name they go.
        var timeToLive: UInt8? = 64
        /// Whether their identification goes on from that of the end in whose name they go; 0 otherwise.
        var copiesIdentification = false
        /// Whether the packet that provoked it ends here.
        var stands = false
        /// For so long after, connections of the same addresses and port end at the handshake.
        var residue = Duration.zero
        /// How they end.
        var residueEnding = FlowEnding.drop
    }

    private struct Residue: Hashable {
        var near: IPv4Address
        var far: IPv4Address
        var port: UInt16
    }

    private let settings: Settings
    private var flows = FlowTable()
    private var residues = BoundedMemory<Residue, UInt64>()

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment else { return .passes }
        let key = FlowKey(segment, packet.way)
        guard settings.match.holds(for: key) else { return .passes }
        let flow = flows.note(segment, packet.way, at: packet.now)
        if flow.isKilled { return settings.stands ? .ends : .passes }
        guard packet.way == .forward else { return .passes }
        let residue = Residue(near: key.near, far: key.far, port: key.farPort)
        if let until = residues[residue] {
            if until > packet.now {
                settings.residueEnding.tell(settings.told, of: segment, .forward, flow, &forged)
                return .ends
            }
            residues[residue] = nil
        }
        guard provokes(segment, flow) else { return .passes }
        flows[key]?.isKilled = true
        if settings.residue > .zero { residues[residue] = packet.now + settings.residue.nanoseconds }
        for number in 0..<settings.count { inject(segment, flow, key, UInt32(number), &forged) }
        return settings.stands ? .ends : .passes
    }

    private func provokes(_ segment: TCPSegment, _ flow: Flow) -> Bool {
        switch settings.cause {
        case .request: segment.isRequest
        case .handshake: flow.isEstablished && segment.payload.isEmpty && !segment.flags.contains(.rst)
        case .content: !segment.payload.isEmpty
        case .text(let bytes): segment.payload.contains(bytes)
        case .bytes(let most): flow.bytes > most
        }
    }

    private func inject(
        _ segment: TCPSegment,
        _ flow: Flow,
        _ key: FlowKey,
        _ number: UInt32,
        _ forged: inout ForgedPackets
    ) {
        let further = number &* settings.step
        let flags: TCPSegment.Flags = settings.ending == .close ? [.fin, .ack] : [.rst, .ack]
        guard settings.ending != .drop else { return }
        if settings.told != .far {
            var answer =
                segment.isRequest
                ? FlowEnding.refusal(of: segment, timeToLive: 64)
                : ForgedSegment(
                    source: key.far,
                    sourcePort: key.farPort,
                    destination: key.near,
                    destinationPort: key.nearPort,
                    sequence: segment.acknowledgement &+ further,
                    acknowledgement: settings.stands ? segment.sequence : segment.next,
                    flags: flags
                )
            answer.timeToLive = settings.timeToLive ?? flow.farTimeToLive
            answer.identification = settings.copiesIdentification ? flow.farIdentification &+ UInt16(number) &+ 1 : 0
            forged.add(answer, .back)
        }
        if settings.told != .near, !segment.isRequest {
            forged.add(
                ForgedSegment(
                    source: key.near,
                    sourcePort: key.nearPort,
                    destination: key.far,
                    destinationPort: key.farPort,
                    sequence: (settings.stands ? segment.sequence : segment.next) &+ further,
                    acknowledgement: segment.acknowledgement,
                    flags: flags,
                    timeToLive: settings.timeToLive ?? flow.nearTimeToLive,
                    identification: settings.copiesIdentification
                        ? flow.nearIdentification &+ UInt16(number) &+ 1 : 0
                ),
                .forward
            )
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes of `text` come in it, one after another.
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        guard !text.isEmpty, count >= text.count else { return false }
        return (0...(count - text.count)).contains { start in
            text.indices.allSatisfy { self[start + $0] == text[$0] }
        }
    }
}
