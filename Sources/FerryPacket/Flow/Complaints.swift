/// The ICMP errors about a flow.
public struct Complaints {
    /// How many there were.
    public internal(set) var count = 0
    /// The first of them.
    public internal(set) var first: Complaint?

    mutating func add(_ error: ICMPError, from header: IPHeader, at time: PacketTime, number: Int) {
        count += 1
        guard first == nil else { return }
        first = Complaint(
            sender: header.source,
            time: time,
            number: number,
            isIPv6: error.isIPv6,
            type: error.type,
            code: error.code,
            nextHopMTU: error.nextHopMTU,
            quotedTimeToLive: error.quoted.timeToLive,
            timeToLive: header.timeToLive
        )
    }
}

/// An ICMP error about a flow.
public struct Complaint {
    /// Who complains.
    public var sender: FlowAddress
    /// When.
    public var time: PacketTime
    /// The packet's number in the file.
    public var number: Int
    /// Whether it is ICMPv6.
    public var isIPv6: Bool
    /// Its type.
    public var type: UInt8
    /// Its code.
    public var code: UInt8
    /// The largest packet that passes, in bytes, if it says so.
    public var nextHopMTU: UInt32?
    /// The time to live of the packet that it is about, as it came there.
    public var quotedTimeToLive: UInt8
    /// The error's own time to live.
    public var timeToLive: UInt8

    /// What it says, as a clause.
    public var meaning: String {
        switch (isIPv6, type, code) {
        case (false, 3, 0), (true, 1, 0): "no route to the network"
        case (false, 3, 1), (true, 1, 3): "the host does not answer"
        case (false, 3, 3), (true, 1, 4): "the port is closed"
        case (false, 3, 4), (true, 2, _): "the packet is too large" + (nextHopMTU.map { " for \($0) bytes" } ?? "")
        case (false, 3, 9), (false, 3, 10), (false, 3, 13), (true, 1, 1): "forbidden by an administrator"
        case (false, 11, 0), (true, 3, 0): "the time to live ended"
        case (false, 11, _), (true, 3, _): "fragments did not all come"
        default: "ICMP\(isIPv6 ? "v6" : "") type \(type), code \(code)"
        }
    }
}
