/// A TCP connection as a capture shows it, and what it did.
public struct Flow {
    /// Its place in the file; the first is 0, as in Wireshark's `tcp.stream`.
    public let number: Int
    /// The packet that began it.
    public let firstPacket: Int
    /// When it began.
    public let start: PacketTime
    /// When its last packet came.
    public internal(set) var last: PacketTime
    /// Who asked for the connection.
    public internal(set) var client: FlowSide
    /// Who was asked.
    public internal(set) var server: FlowSide
    /// How it was opened.
    public internal(set) var handshake = Handshake()
    /// Wireshark's `tcp.completeness`: SYN 1, SYN+ACK 2, ACK 4, data 8, FIN 16, RST 32.
    public internal(set) var completeness: UInt8 = 0
    /// Whether an earlier flow had the same addresses and ports.
    public internal(set) var reusesPorts = false
    /// The longest time without a packet, in nanoseconds.
    public internal(set) var longestPause: Int64 = 0
    /// When the longest time without a packet began.
    public internal(set) var pauseStart: PacketTime
    /// The ICMP errors about it.
    public internal(set) var complaints = Complaints()
    /// Whether it had to be forgotten before the end of the file; what came later began a new flow.
    public internal(set) var isEvicted = false
    var state = ConnectionState()
    var close = CloseWatch()
    var lru = (previous: -1, next: -1)
    private var latestSYN: PacketTime?

    init(number: Int, packet: CapturedPacket, client: FlowEnd, server: FlowEnd, isFlipped: Bool) {
        self.number = number
        firstPacket = packet.number
        start = packet.time
        last = packet.time
        pauseStart = packet.time
        self.client = FlowSide(client)
        self.server = FlowSide(server)
        if isFlipped { state.noteFlip() }
    }

    /// Zeek's `conn_state`: `SF`, `S0`, `REJ`, `RSTO` and so on.
    public var connectionState: String { state.name }
    /// Zeek's `history`.
    public var history: String { state.history }
    /// The first FIN or RST, if there was one.
    public var ending: FlowEnding? { close.first }
    /// Signs that the flow was not ended by whom the packet names.
    public var forgery: ForgerySigns { close.signs }
    /// Nanoseconds from the first to the last packet.
    public var duration: Int64 { last - start }
    /// How many packets it had.
    public var packets: Int { client.packets + server.packets }
    /// A refusal in less than half of the time that any answer of the same server took, and at least 2 ms sooner, comes
    /// from something nearer.
    mutating func judgeRefusal(_ least: Int64?) {
        guard let least, handshake.answer == nil, let syn = handshake.lastSYN, let reset = close.serverReset else {
            return
        }
        let time = reset.time - syn
        if time >= 0, time < least / 2, least - time >= 2_000_000 { close.note(.tooSoon) }
    }

    /// No more will come of it.
    mutating func end() {
        client.end(at: last)
        server.end(at: last)
    }

    /// Gives back what memory it has, once it has been handed out.
    mutating func clear() {
        client = FlowSide(client.end)
        server = FlowSide(server.end)
    }

    /// Whether SYN, SYN+ACK and ACK were seen.
    public var isEstablished: Bool { handshake.answer != nil && handshake.confirmation != nil }
}

extension Flow {
    /// What one packet was to its flow.
    struct Taken {
        var marks: SegmentMarks
        var roundTrip: Int64?
    }

    /// Takes a segment of the client or the server.
    mutating func take(
        _ segment: TCPSegment,
        _ header: IPHeader,
        _ packet: CapturedPacket,
        fromClient: Bool
    ) -> Taken {
        let time = packet.time
        notePause(time)
        if fromClient {
            close.take(segment, header, at: time, number: packet.number, fromClient: true, client, server)
        } else {
            close.take(segment, header, at: time, number: packet.number, fromClient: false, server, client)
        }
        let roundTrip = handshake.firstRoundTrip
        let taken =
            fromClient
            ? Flow.take(segment, header, time, from: &client, to: &server, roundTrip)
            : Flow.take(segment, header, time, from: &server, to: &client, roundTrip)
        state.take(segment, at: time, fromClient: fromClient)
        if taken.missed { state.noteGap(ofClient: !fromClient, at: time) }
        handshake.take(segment, at: time, fromClient: fromClient, clientStart: client.opening?.sequence)
        noteFirstRoundTrip(segment, time)
        noteCompleteness(segment)
        return Taken(marks: taken.marks, roundTrip: taken.roundTrip)
    }

    private mutating func notePause(_ time: PacketTime) {
        let pause = time - last
        if pause > longestPause {
            longestPause = pause
            pauseStart = last
        }
        if last < time { last = time }
    }

    /// Any side's SYN counts, and any segment with ACK and without SYN answers it: Wireshark's rule.
    private mutating func noteFirstRoundTrip(_ segment: TCPSegment, _ time: PacketTime) {
        switch segment.flags.intersection([.syn, .ack]) {
        case .syn: latestSYN = time
        case .ack:
            if handshake.firstRoundTrip == 0, let latestSYN { handshake.firstRoundTrip = time - latestSYN }
        default: break
        }
    }

    private mutating func noteCompleteness(_ segment: TCPSegment) {
        let flags = segment.flags
        let hasData = segment.payloadLength > 0
        // A SYN counts only where it begins a flow. tshark in one pass leaves the first packet out if it is none.
        if packets == 1, flags.intersection([.syn, .ack]) == .syn { completeness = hasData ? 9 : 1 }
        switch flags.intersection([.syn, .ack]) {
        case [.syn, .ack]: completeness |= 2
        case .ack: completeness |= hasData ? 8 : 4
        default: break
        }
        if flags.contains([.fin, .ack]) { completeness |= 16 }
        if flags.contains(.rst) { completeness |= 32 }
    }
}
