internal import FerryEvidence
internal import FerryPacket

extension PacketFacts {
    /// What a packet says.
    init(_ header: IPHeader, _ segment: TCPSegment, seconds: Double) {
        self.init(seconds: seconds, flags: segment.flags.letters)
        timeToLive = Int(header.timeToLive)
        identification = header.source.isIPv6 ? nil : Int(header.identification)
        doesNotFragment = header.dontFragment
        window = Int(segment.window)
        length = segment.payloadLength
        // Options of a handshake have no place in a packet that closes: who sends them there is no usual TCP.
        maximumSegment = segment.options.maximumSegment.map { Int($0) }
        windowScale = segment.options.windowScale.map { Int($0) }
        if segment.flags.contains(.syn) || segment.options.permitsSACK {
            permitsSelectiveAcknowledgement = segment.options.permitsSACK
        }
        hasTimestamps = segment.options.timestamp != nil
    }
}

extension TCPFlags {
    /// Those that are set, as letters of `SAFRPUEC`.
    var letters: String {
        let all: [(TCPFlags, String)] = [
            (.syn, "S"), (.ack, "A"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.urg, "U"), (.ece, "E"), (.cwr, "C"),
        ]
        return all.filter { contains($0.0) }.map(\.1).joined()
    }
}

/// How far one sequence number is beyond another, going around at 2^32.
func distance(from start: UInt32, to end: UInt32) -> Int { Int(Int32(bitPattern: end &- start)) }
