/// How many packets a capture had, and what those were that are in no flow.
public struct CaptureTally: Sendable {
    /// All packets.
    public internal(set) var packets = 0
    /// Their lengths on the wire, in bytes.
    public internal(set) var wireBytes = 0
    /// What of those was captured, in bytes.
    public internal(set) var capturedBytes = 0
    /// When the first and the last were captured.
    public internal(set) var times: ClosedRange<PacketTime>?
    /// TCP segments.
    public internal(set) var segments = 0
    /// ICMP errors about TCP.
    public internal(set) var errors = 0
    /// Those of them that are about no flow of the capture.
    public internal(set) var strangeErrors = 0
    /// Fragments of IP datagrams.
    public internal(set) var fragments = 0
    /// Datagrams of which not all fragments came.
    public internal(set) var unfinishedDatagrams = 0
    /// IP packets of other protocols.
    public internal(set) var others = 0
    /// No IP packets.
    public internal(set) var notIP = 0
    /// Cut by the capture before the end of the headers.
    public internal(set) var truncated = 0
    /// Headers that contradict themselves.
    public internal(set) var malformed = 0
    /// Of a link type that Ferry does not know.
    public internal(set) var unknownLink = 0

    @inline(__always)
    mutating func add(_ packet: CapturedPacket) {
        packets &+= 1
        wireBytes &+= packet.wireLength
        capturedBytes &+= packet.bytes.count
        if let known = times {
            if known.contains(packet.time) { return }
            times = min(known.lowerBound, packet.time)...max(known.upperBound, packet.time)
        } else {
            times = packet.time...packet.time
        }
    }

    mutating func add(_ problem: DecodeProblem) {
        switch problem {
        case .truncated: truncated += 1
        case .malformed: malformed += 1
        case .notIP: notIP += 1
        case .unknownLink: unknownLink += 1
        }
    }
}
