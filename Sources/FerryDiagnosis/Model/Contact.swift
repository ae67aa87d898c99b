public import FerryEvidence

/// One connection, made or planned, in the terms that hypotheses are about.
public struct Contact: Sendable, Hashable {
    /// By whose address it leaves the site, as far as a selector can tell.
    public enum SourceIdentity: Sendable, Hashable {
        /// The one that fails.
        case failing
        /// Another one, numbered: declared to be another, and not seen to be.
        case declared(Int)
        /// Another one, seen to be another.
        case verified(Int)
        /// A vantage outside the site.
        case outside(Int)

        /// The probability that it is the failing one all the same.
        public var sharesFailing: Double {
            switch self {
            case .failing: 1
            case .declared: LikelihoodTable.Picked.declaredAddress
            case .verified, .outside: 0
            }
        }
    }

    /// Where it goes.
    public enum Destination: Sendable, Hashable {
        /// The suspect host.
        case suspectHost
        /// Another one in the same cloud and region.
        case sameRegion(Int)
        /// Another cloud.
        case otherCloud(Int)
        /// Neither.
        case unrelated(Int)
    }

    /// Which port, compared with the suspect's.
    public enum Port: Sendable, Hashable {
        /// The suspect's.
        case suspect
        /// One at which the suspect's service answers too.
        case alternate(UInt16)
        /// A control's, or another.
        case other(UInt16)
    }

    /// What it carries.
    public enum Content: Sendable, Hashable {
        /// Nothing beyond the protocol's first words.
        case none
        /// What real clients send.
        case real
        /// The same turned over.
        case inverted
        /// Noise.
        case random
    }

    /// Where it is made from.
    public var position: Site.Position
    /// The vantage's number in the site; 0 is the failing one.
    public var vantage: Int
    /// By which address it leaves.
    public var source: SourceIdentity
    /// Where it goes.
    public var destination: Destination
    /// To which port.
    public var port: Port
    /// What it carries.
    public var content = Content.none
    /// Bytes that it carries.
    public var bytes = 0
    /// Bits per second at which they are sent; nil for as fast as it goes.
    public var rate: Double?
    /// Seconds of silence before them.
    public var idleSeconds = 0.0
    /// Seconds that it is to stand.
    public var ageSeconds = 0.0
    /// Connections at the same time.
    public var concurrency = 1
    /// Whether it is bound to the local port of a connection that had failed.
    public var repeatsFailingPort = false
    /// Whether its largest segment is kept below what any path takes.
    public var isSmallSegmented = false

    /// Whether its source has not talked with the suspect host for long.
    public var isFresh = false

    /// Whether the operator has declared that it leaves by another address than the failing one.
    public var leavesByItsOwnAddress = false
    /// Whether it was made before the diagnosis began.
    public var isPast = false

    /// A connection with nothing in it.
    public init(
        from position: Site.Position,
        vantage: Int,
        by source: SourceIdentity,
        to destination: Destination,
        port: Port
    ) {
        self.position = position
        self.vantage = vantage
        self.source = source
        self.destination = destination
        self.port = port
    }

    /// Whether it carries enough for what shows in a transfer only.
    public var isBulk: Bool { bytes >= Contact.bulk }
    /// Whether it is to a service of which nobody knows whether it speaks first: that nothing is heard is all well then.
    var takesSilenceForAnAnswer: Bool { content == .none && bytes == 0 && !isPast }
    /// Bytes from which on a transfer says something about loss and rate.
    public static let bulk = 128 * 1024
    /// Where it goes, whatever it carries and whoever asks.
    public struct End: Sendable, Hashable {
        /// To which host.
        public var destination: Destination
        /// To which port of it.
        public var port: Port
    }

    /// Where it goes.
    public var end: End { End(destination: destination, port: port) }
    /// Whether the key of the block that is looked for is its own: source address and destination port.
    public var isSuspectKey: Bool { destination == .suspectHost && port == .suspect }
}
