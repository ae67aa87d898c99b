internal import FerryEvidence
internal import FerryPacket

extension ICMPFacts {
    /// What the error after `header` says.
    init(_ header: IPHeader, _ error: ICMPError, seconds: Double) {
        self.init(type: Int(error.type), code: Int(error.code), from: "\(header.source)", seconds: seconds)
        pathUnit = error.nextHopMTU.map { Int($0) }
        timeToLive = Int(header.timeToLive)
        bytes = header.length
        var packet = QuotedPacket()
        packet.timeToLive = Int(error.quoted.timeToLive)
        packet.identification = error.quoted.source.isIPv6 ? nil : Int(error.quoted.identification)
        packet.sourcePort = error.sourcePort
        packet.destinationPort = error.destinationPort
        packet.sequence = error.sequence
        quoted = packet
    }
}
