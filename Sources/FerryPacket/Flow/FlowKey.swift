/// An address and a port.
public struct FlowEnd: Hashable, Sendable, Comparable {
    /// The address.
    public var address: FlowAddress
    /// The port.
    public var port: UInt16

    /// The end at `port` of `address`.
    public init(_ address: FlowAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    /// By address, then by port.
    public static func < (left: FlowEnd, right: FlowEnd) -> Bool {
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}

extension FlowEnd: CustomStringConvertible {
    /// `192.0.2.1:8703` or `[2001:db8::1]:8703`.
    public var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// The two ends of a flow, the same whoever of the two sends.
struct FlowKey: Hashable {
    let lower: FlowEnd
    let upper: FlowEnd

    @inline(__always)
    init(_ first: FlowEnd, _ second: FlowEnd) {
        if second < first {
            lower = second
            upper = first
        } else {
            lower = first
            upper = second
        }
    }
}
