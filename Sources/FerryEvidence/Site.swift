/// What the operator declares: what fails, what else there is to compare it with, and what may be tried.
public struct Site: Codable, Sendable, Equatable {
    /// An end that something listens at.
    public struct Endpoint: Codable, Sendable, Equatable {
        /// The operator's name of it.
        public var name: String?
        /// A host name or address.
        public var host: String
        /// The port.
        public var port: UInt16
        /// What is spoken there.
        public var speaks: ServiceProtocol?
        /// How it relates to the suspect.
        public var relation: Relation?

        /// An end.
        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// How another destination relates to the suspect.
    public enum Relation: String, Codable, Sendable, CaseIterable {
        /// The same cloud and region.
        case sameRegion = "same-region"
        /// Another cloud.
        case otherCloud = "other-cloud"
        /// Neither.
        case unrelated
    }

    /// Where on the path a vantage is.
    public enum Position: String, Codable, Sendable, CaseIterable, Comparable {
        /// The program itself.
        case application
        /// A source server.
        case sourceHost = "source-host"
        /// Its network.
        case sourceLAN = "source-lan"
        /// The customer's firewall.
        case sourceFirewall = "source-firewall"
        /// Behind address translation, at the customer's outermost device.
        case sourceEgress = "source-egress"
        /// The access carrier.
        case carrier
        /// Between carriers.
        case transit
        /// Where the cloud begins.
        case cloudEdge = "cloud-edge"
        /// In the cloud, beside the staging server.
        case cloudNetwork = "cloud-network"
        /// The staging server itself.
        case service
        /// Somewhere else on the Internet.
        case otherPublic = "other-public"

        /// In path order; elsewhere is last.
        public static func < (left: Position, right: Position) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// A place to probe from.
    public struct Vantage: Codable, Sendable, Equatable {
        /// The operator's name of it.
        public var name: String
        /// Where it is.
        public var position: Position
        /// `unix:PATH` or `tls://HOST:PORT`.
        public var reach: String
        /// The operator's name of who carries its traffic.
        public var carrier: String?

        /// A vantage.
        public init(name: String, position: Position, reach: String, carrier: String? = nil) {
            self.name = name
            self.position = position
            self.reach = reach
            self.carrier = carrier
        }
    }

    /// An address that the site may leave by.
    public struct SourceAddress: Codable, Sendable, Equatable {
        /// The address.
        public var address: String
        /// The vantage that leaves by it; nil for one to be bound to at the first vantage.
        public var via: String?

        /// An address.
        public init(address: String, via: String?) {
            self.address = address
            self.via = via
        }
    }

    /// An experiment that needs the operator's yes.
    public enum Permission: String, Codable, Sendable, CaseIterable {
        /// Leaving by another address.
        case sourceAddressSwap = "source-address-swap"
        /// Filling the line for a while.
        case rateTest = "rate-test"
        /// Keeping all traffic away for a while.
        case silence
    }

    /// The site's line to the Internet.
    public struct Uplink: Codable, Sendable, Equatable {
        /// Bits per second; nil if not known.
        public var bitsPerSecond: UInt64?
        /// `file:PATH` of a CSV with `time,bitsPerSecond`.
        public var monitor: String?

        /// A line.
        public init(bitsPerSecond: UInt64?, monitor: String?) {
            self.bitsPerSecond = bitsPerSecond
            self.monitor = monitor
        }
    }

    /// What a diagnosis may cost.
    public struct Budget: Codable, Sendable, Equatable {
        /// Minutes, before the time scale.
        public var minutes = 10.0
        /// Connections to the suspect from the failing vantage.
        public var suspectConnects = 8

        /// Ten minutes and eight connections.
        public init() {}
    }

    /// How often a suspect may be connected to, before the time scale.
    public struct Guards: Codable, Sendable, Equatable {
        /// From one connection to the next.
        public var secondsBetweenConnects = 60
        /// In any ten minutes.
        public var connectsPerTenMinutes = 4
        /// After a connection was killed; twice as long after each further one.
        public var secondsAfterKill = 120

        /// What its seconds may be.
        public static let secondsRange = 1...86400
        /// What its connections may be.
        public static let connectsRange = 1...1000

        /// The usual ones.
        public init() {}
    }

    /// What fails.
    public var suspect: Endpoint
    /// What does not, at the same host.
    public var controls: [Endpoint] = []
    /// Ports at which the suspect's service answers too.
    public var alternatePorts: [UInt16] = []
    /// Other places.
    public var otherDestinations: [Endpoint] = []
    /// Places to probe from; the first is the failing one.
    public var vantages: [Vantage] = []
    /// Addresses to leave by.
    public var sourceAddresses: [SourceAddress] = []
    /// What is known of the path, in free words.
    public var path: [String] = []
    /// The line.
    public var uplink: Uplink?
    /// `exec:COMMAND`, `file:PATH` or `https:URL` of the provider's records.
    public var providerRecords: String?
    /// The path of the mover's event log.
    public var history: String?
    /// Experiments that the operator has said yes to.
    public var allow: Set<Permission> = []
    /// What it may cost.
    public var budget = Budget()
    /// How often the suspect may be connected to; nil for as often as usual.
    public var guards: Guards?
    /// The folder of the site file, in which the command of `providerRecords` runs; nil if there is none.
    public var folder: String?

    /// A site of which only the suspect is known.
    public init(suspect: Endpoint) { self.suspect = suspect }
}
