/// Where on the path a fault is, in path order. The raw values are the words of `ferry.diagnosis/1`.
public enum Locus: String, Codable, Sendable, CaseIterable, Comparable {
    /// The program itself.
    case application
    /// The source server.
    case sourceHost = "source-host"
    /// Its network.
    case sourceLAN = "source-lan"
    /// The customer's firewall.
    case sourceFirewall = "source-firewall"
    /// Address translation, cleaners and balancers at the customer's edge, and the line.
    case sourceEgress = "source-egress"
    /// The access carrier.
    case carrier
    /// Between carriers.
    case transit
    /// Where the cloud begins, its security policy included.
    case cloudEdge = "cloud-edge"
    /// Security group, load balancer, host firewall.
    case cloudNetwork = "cloud-network"
    /// The staging server and its service.
    case service

    /// How far along the path it is; 0 is the application.
    public var order: Int { Locus.allCases.firstIndex(of: self) ?? 0 }

    /// Nearer to the source comes first.
    public static func < (left: Locus, right: Locus) -> Bool { left.order < right.order }
}

/// How a fault acts on packets.
public enum Mechanism: String, Codable, Sendable, CaseIterable {
    /// Packets vanish.
    case drop
    /// A RST.
    case reset
    /// An ICMP error.
    case icmpReject = "icmp-reject"
    /// A FIN.
    case close
    /// Connections are taken, and nothing follows.
    case silence
    /// What is too fast waits.
    case rate
    /// Some packets vanish.
    case loss
    /// Packets come late, or in another order.
    case delay
    /// Packets are changed.
    case rewrite
    /// Nothing is done to packets.
    case none
}

/// What a fault looks at in a packet to tell whether it is one of those that it acts on. Empty means everything on the path.
public struct Selector: OptionSet, Sendable, Hashable {
    /// One bit for each part.
    public let rawValue: Int
    /// The parts whose bits are set.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The address that it comes from.
    public static let sourceAddress = Selector(rawValue: 1)
    /// The port that it comes from.
    public static let sourcePort = Selector(rawValue: 2)
    /// The address that it goes to.
    public static let destinationAddress = Selector(rawValue: 4)
    /// The port that it goes to.
    public static let destinationPort = Selector(rawValue: 8)
    /// Its content.
    public static let payload = Selector(rawValue: 16)
    /// Its size.
    public static let size = Selector(rawValue: 32)
    /// Its TCP options.
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
    /// Nothing: it stands.
    case standing
    /// Many connections in a short time.
    case connectionRate = "connection-rate"
    /// Many connections at once.
    case concurrency
    /// A volume of content.
    case bytes
    /// The age of a connection.
    case age
    /// Silence within a connection.
    case idle
    /// What is sent.
    case content
    /// Failed attempts.
    case failures
    /// The rate of all together.
    case aggregateRate = "aggregate-rate"
    /// Something that no packet shows, as instances that come and go.
    case offWire = "off-wire"
    /// Not known.
    case unknown
}

/// What keeps a fault.
public enum MemoryKind: String, Codable, Sendable, CaseIterable {
    /// It ends with what armed it.
    case none
    /// A time.
    case fixed
    /// A time that every attempt begins anew.
    case renewedByHits = "renewed-by-hits"
    /// Until somebody lifts it.
    case untilLifted = "until-lifted"
    /// Not known.
    case unknown
}
