/// Where on the path a fault is, in path order. The raw values are the words of `ferry.diagnosis/1`.
public enum Locus: String, Codable, Sendable, CaseIterable, Comparable {
    case application
    case sourceHost = "source-host"
    case sourceLAN = "source-lan"
    case sourceFirewall = "source-firewall"
    case sourceEgress = "source-egress"
    case carrier
    case transit
    case cloudEdge = "cloud-edge"
    case cloudNetwork = "cloud-network"
    case service

    /// How far along the path it is; 0 is the application.
    public var order: Int { Locus.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: Locus, right: Locus) -> Bool { left.order < right.order }
}

/// How a fault acts on packets.
public enum Mechanism: String, Codable, Sendable, CaseIterable {
    case drop
    case reset
    case icmpReject = "icmp-reject"
    case close
    case silence
    case rate
    case loss
    case delay
    case rewrite
    case none
}

/// What a fault looks at in a packet to tell whether it is one of those that it acts on. Empty means everything on the path.
public struct Selector: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let sourceAddress = Selector(rawValue: 1)
    public static let sourcePort = Selector(rawValue: 2)
    public static let destinationAddress = Selector(rawValue: 4)
    public static let destinationPort = Selector(rawValue: 8)
    public static let payload = Selector(rawValue: 16)
    public static let size = Selector(rawValue: 32)
    public static let options = Selector(rawValue: 64)

    private static let names: [(Selector, String)] = [
        (.sourceAddress, "source-address"), (.sourcePort, "source-port"), (.destinationAddress, "destination-address"),
        (.destinationPort, "destination-port"), (.payload, "payload"), (.size, "size"), (.options, "options"),
    ]

    /// The words of `ferry.diagnosis/1`.
    public var words: [String] { Selector.names.filter { contains($0.0) }.map(\.1) }

    /// How many parts it has.
    public var count: Int { rawValue.nonzeroBitCount }
}

/// What armed a fault.
public enum Trigger: String, Codable, Sendable, CaseIterable {
    case standing
    case connectionRate = "connection-rate"
    case concurrency
    case bytes
    case age
    case idle
    case content
    case failures
    case aggregateRate = "aggregate-rate"
    case offWire = "off-wire"
    case unknown
}

/// What keeps a fault.
public enum MemoryKind: String, Codable, Sendable, CaseIterable {
    case none
    case fixed
    case renewedByHits = "renewed-by-hits"
    case untilLifted = "until-lifted"
    case unknown
}
