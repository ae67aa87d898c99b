/// What a captured packet is. Its views into the captured bytes are valid as long as those are.
public enum DecodedPacket {
    /// A TCP segment.
    case segment(IPHeader, TCPSegment)
    /// An ICMP error about a TCP segment.
    case icmpError(IPHeader, ICMPError)
    /// A part of a datagram; `FragmentReassembly` puts them together.
    case fragment(IPHeader)
    /// Another IP packet.
    case other(IPHeader)
    /// None that could be read.
    case unreadable(DecodeProblem)
}

/// Why a packet could not be read.
public enum DecodeProblem: Error, Hashable, Sendable {
    /// The capture has cut it before the end of its headers.
    case truncated
    /// It contradicts itself.
    case malformed
    /// It is no IP packet.
    case notIP
    /// The link type is one that Ferry does not know.
    case unknownLink
}
