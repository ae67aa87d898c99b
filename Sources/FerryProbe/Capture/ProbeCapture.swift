internal import CFerryLinux
internal import FerryAddress
internal import FerryEvidence
internal import FerryPacket
internal import Synchronization

/// Captures what passes between a probe and its destination, in a thread of its own, from before it begins.
final class ProbeCapture: Sendable {
    private let destination: FlowAddress
    private let port: UInt16
    private let clock: ProbeClock
    private let flows = Mutex<[UInt16: CapturedFlow]>([:])
    private let stop = ProbeStop()
    private let done = ProbeGate()

    /// Begins; nil with the system's error number if this process may not.
    init?(_ destination: IPEndpoint, clock: ProbeClock, problem: inout Int32) {
        self.destination = FlowAddress(destination.address)
        port = destination.port
        self.clock = clock
        let filter = PacketFilter(host: destination.address, ports: [destination.port], takesErrors: true)
        guard let tap = PacketTap(filter, problem: &problem) else { return nil }
        let box = Mutex(Optional(tap))
        ProbeThread.start { [self] in
            guard let tap = box.withLock({ $0.take() }) else { return }
            run(tap)
        }
    }

    private func run(_ tap: PacketTap) {
        let offset = clock.offsetOfWallClock
        while true {
            let isLast = stop.isSet
            tap.take(within: isLast ? 0 : 20) { bytes, packet in
                let nanoseconds = max(0, packet.time + offset)
                take(bytes, packet, seconds: ProbeClock.seconds(UInt64(nanoseconds)))
            }
            if isLast { break }
        }
        done.open()
    }

    private func take(_ bytes: UnsafeRawBufferPointer, _ packet: ferry_tapped, seconds: Double) {
        switch PacketDecoder.decode(bytes, link: .rawIP, wireLength: Int(packet.length)) {
        case .segment(let header, let segment):
            let isOurs = header.destination == destination && segment.destinationPort == port
            let isTheirs = header.source == destination && segment.sourcePort == port
            // Both at once is a port of this host that talks with itself; the one that asks has the other port.
            guard isOurs || isTheirs else { return }
            let own = isOurs ? segment.sourcePort : segment.destinationPort
            flows.withLock {
                $0[own, default: CapturedFlow()]
                    .take(header, segment, isOurs: isOurs, device: packet.device, seconds: seconds)
            }
        case .icmpError(let header, let error):
            guard error.quoted.destination == destination, error.destinationPort == port else { return }
            let facts = ICMPFacts(header, error, seconds: seconds)
            flows.withLock { $0[error.sourcePort, default: CapturedFlow()].take(facts) }
        default: break
        }
    }

    /// What was captured so far of the connection from `port`.
    func flow(_ port: UInt16) -> CapturedFlow? { flows.withLock { $0[port] } }

    /// Ends it, and hands over all connections by their own port.
    func end() -> [UInt16: CapturedFlow] {
        stop.set()
        done.wait(atMost: 2)
        return flows.withLock { $0 }
    }
}

extension ProbeRecord {
    /// Adds what was captured of the connection from `port`.
    mutating func add(_ flows: [UInt16: CapturedFlow], of port: UInt16?) {
        // Requests of all its connections: each has been a request to the suspect.
        let count = flows.values.reduce(0) { $0 + $1.requests.count }
        if count > 0 { requests = count }
        guard let flow = port.flatMap({ flows[$0] }) else {
            // Where more are seen to go there than were opened beside it, it may be one of them, by another port: some hosts
            // translate what leaves them.
            let others = flows.values.count { !$0.requests.isEmpty }
            let isKnown = others <= (outcomes?.count ?? 1) - 1
            handshake = isKnown ? HandshakeFacts(requests: [], answers: [], roundTripSeconds: nil) : nil
            return
        }
        handshake = flow.handshake ?? HandshakeFacts(requests: [], answers: [], roundTripSeconds: nil)
        closing = flow.closing
        if flow.closingCount > 0 { closingCount = flow.closingCount }
        if !flow.after.isEmpty { afterClosing = flow.after }
        if let captured = flow.icmp { icmp = icmp?.completed(by: captured) ?? captured }
    }
}
