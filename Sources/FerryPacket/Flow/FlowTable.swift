/// Sorts the packets of a capture into flows, of which it keeps a bounded number: beyond that the one that was silent
/// longest is handed out and forgotten.
public struct FlowTable {
    /// What a packet was.
    public struct TakenPacket {
        /// The flow's number.
        public var flow: Int
        /// Whether it came from the client.
        public var isFromClient: Bool
        /// What it means in its flow.
        public var marks: SegmentMarks
        /// The round trip that it ends, in nanoseconds.
        public var roundTrip: Int64?
        /// The header.
        public var header: IPHeader
        /// The segment, whose views are valid only as long as the packet's bytes are.
        public var segment: TCPSegment
    }

    /// What is not in flows.
    public private(set) var tally = CaptureTally()
    /// How many flows had to be forgotten before the end.
    public private(set) var evictions = 0

    /// How many flows there were.
    public var flowCount: Int { nextNumber }

    private let limit: Int
    private var slots: ContiguousArray<Flow> = []
    private var free: [Int] = []
    private var places: [FlowKey: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private var nextNumber = 0
    private var reassembly = FragmentReassembly()
    /// Bulk data comes in runs of one flow.
    private var latest: (key: FlowKey, place: Int)?

    /// A table of at most `limit` flows at a time.
    public init(limit: Int = 65_536) { self.limit = max(1, limit) }

    /// Takes a packet. `body` hears what it was, if it is one of a flow; `onEviction` of a flow that is forgotten.
    public mutating func take(
        _ packet: CapturedPacket,
        _ body: (TakenPacket) -> Void = { _ in },
        onEviction: (Flow) -> Void = { _ in }
    ) {
        tally.add(packet)
        let decoded = PacketDecoder.decode(packet.bytes, link: packet.link, wireLength: packet.wireLength)
        switch decoded {
        case .segment(let header, let segment): take(header, segment, packet, onEviction, body)
        case .icmpError(let header, let error): take(header, error, packet)
        case .fragment(let header):
            tally.fragments += 1
            takeFragment(header, packet, onEviction, body)
        case .other: tally.others += 1
        case .unreadable(let problem): tally.add(problem)
        }
    }

    /// Hands out every flow that is still kept, in the order in which they began.
    public mutating func finish(_ body: (Flow) -> Void) {
        tally.unfinishedDatagrams = reassembly.unfinished
        let spare = Set(free)
        let order = slots.indices.filter { !spare.contains($0) }.sorted { slots[$0].number < slots[$1].number }
        let leastTimes = leastRoundTrips()
        for place in order {
            slots[place].end()
            slots[place].judgeRefusal(leastTimes[slots[place].server.end.address])
            body(slots[place])
        }
        slots = []
        places = [:]
        free = []
        latest = nil
        newest = -1
        oldest = -1
    }

    /// The least time from a SYN to its answer, in nanoseconds, of each server.
    private func leastRoundTrips() -> [FlowAddress: Int64] {
        var least: [FlowAddress: Int64] = [:]
        for flow in slots {
            guard let time = flow.serverRoundTrip else { continue }
            least[flow.server.end.address, default: .max] = min(time, least[flow.server.end.address] ?? .max)
        }
        return least
    }

    private mutating func takeFragment(
        _ header: IPHeader,
        _ packet: CapturedPacket,
        _ onEviction: (Flow) -> Void,
        _ body: (TakenPacket) -> Void
    ) {
        // The state is taken out, because the flow's is changed while it hands out.
        var reassembly = self.reassembly
        self.reassembly = FragmentReassembly()
        defer { self.reassembly = reassembly }
        reassembly.take(header) { whole in
            switch PacketDecoder.decodePayload(whole) {
            case .segment(let header, let segment): take(header, segment, packet, onEviction, body)
            case .unreadable(let problem): tally.add(problem)
            default: tally.others += 1
            }
        }
    }

    private mutating func take(
        _ header: IPHeader,
        _ segment: TCPSegment,
        _ packet: CapturedPacket,
        _ onEviction: (Flow) -> Void,
        _ body: (TakenPacket) -> Void
    ) {
        let source = FlowEnd(header.source, segment.sourcePort)
        let destination = FlowEnd(header.destination, segment.destinationPort)
        let key = FlowKey(source, destination)
        tally.segments += 1
        var place = -1
        if let latest, latest.key == key { place = latest.place } else { place = places[key] ?? -1 }
        var isReuse = false
        if place >= 0, isNewConnection(segment, from: source, in: place) {
            isReuse = true
            place = -1
        }
        if place < 0 {
            place = open(segment, packet, source, destination, key, onEviction)
            slots[place].reusesPorts = isReuse
        } else {
            touch(place)
        }
        latest = (key, place)
        let isFromClient = slots[place].client.end == source
        var taken = slots[place].take(segment, header, packet, fromClient: isFromClient)
        if isReuse { taken.marks.insert(.reusedPorts) }
        body(
            TakenPacket(
                flow: slots[place].number,
                isFromClient: isFromClient,
                marks: taken.marks,
                roundTrip: taken.roundTrip,
                header: header,
                segment: segment
            )
        )
    }

    private mutating func take(_ header: IPHeader, _ error: ICMPError, _ packet: CapturedPacket) {
        tally.errors += 1
        let key = FlowKey(
            FlowEnd(error.quoted.source, error.sourcePort),
            FlowEnd(error.quoted.destination, error.destinationPort)
        )
        guard let place = places[key] else { return tally.strangeErrors += 1 }
        slots[place].complaints.add(error, from: header, at: packet.time, number: packet.number)
    }

    /// Whether this SYN begins another connection between the same ends: it has another sequence number than the first.
    private func isNewConnection(_ segment: TCPSegment, from source: FlowEnd, in place: Int) -> Bool {
        guard segment.flags.intersection([.syn, .ack]) == .syn else { return false }
        let base =
            slots[place].client.end == source ? slots[place].client.sequence.base : slots[place].server.sequence.base
        return base != nil && base != segment.sequence
    }
}

extension FlowTable {
    private mutating func open(
        _ segment: TCPSegment,
        _ packet: CapturedPacket,
        _ source: FlowEnd,
        _ destination: FlowEnd,
        _ key: FlowKey,
        _ onEviction: (Flow) -> Void
    ) -> Int {
        if slots.count - free.count >= limit { evict(onEviction) }
        let isFromServer = FlowTable.isFromServer(segment)
        let flow = Flow(
            number: nextNumber,
            packet: packet,
            client: isFromServer ? destination : source,
            server: isFromServer ? source : destination,
            isFlipped: isFromServer
        )
        nextNumber += 1
        let place: Int
        if let reused = free.popLast() {
            place = reused
            slots[place] = flow
        } else {
            place = slots.count
            slots.append(flow)
        }
        places[key] = place
        link(place)
        return place
    }

    /// Who answers a SYN is the server; where no SYN is seen, services have the lower ports.
    private static func isFromServer(_ segment: TCPSegment) -> Bool {
        switch segment.flags.intersection([.syn, .ack]) {
        case .syn: false
        case [.syn, .ack]: true
        default: segment.sourcePort < segment.destinationPort
        }
    }

    private mutating func evict(_ onEviction: (Flow) -> Void) {
        let place = oldest
        guard place >= 0 else { return }
        evictions += 1
        unlink(place)
        slots[place].isEvicted = true
        slots[place].end()
        onEviction(slots[place])
        let key = FlowKey(slots[place].client.end, slots[place].server.end)
        // One whose ends are used anew is not in there any more.
        if places[key] == place { places[key] = nil }
        if latest?.place == place { latest = nil }
        slots[place].clear()
        free.append(place)
    }

    @inline(__always)
    private mutating func touch(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        slots[place].lru = (previous: newest, next: -1)
        if newest >= 0 { slots[newest].lru.next = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (previous, next) = slots[place].lru
        if previous >= 0 { slots[previous].lru.next = next } else { oldest = next }
        if next >= 0 { slots[next].lru.previous = previous } else { newest = previous }
    }
}
