/// Something that breaks the network of a topology, and can be mended again.
public struct Fault: Sendable, Equatable {
    /// Rules for a node. Every table in them is named `fault`, so that mending is deleting that.
    public struct Rules: Sendable, Equatable {
        /// The node.
        public var node: String
        /// A rule set for `nft -f`.
        public var filter: String
    }

    /// What a line does while the fault is armed.
    public struct LineChange: Sendable, Equatable {
        /// The link that the line is of.
        public var link: String
        /// Both directions, while the fault is armed.
        public var settings: Topology.Line
    }

    /// A middlebox at the near end of a line.
    struct MiddleboxPlace: Sendable, Equatable {
        /// The link that the line is of.
        var link: String
        var middlebox: MiddleboxSettings
    }

    /// A service that does something else than its work.
    struct ServiceChange: Sendable, Equatable {
        var node: String
        var port: UInt16
        var behaviour: ServiceBehaviour
    }

    /// A kernel setting of a node.
    struct Setting: Sendable, Equatable {
        var node: String
        /// Its path below /proc/sys, with dots.
        var key: String
        var value: String
    }

    /// What the cloud's records say while the fault is armed, where no policy writes it.
    struct Record: Sendable, Equatable {
        var kind: CloudLedger.Act.Kind
        var source: IPv4Address?
        var destination: IPv4Address?
        var port: UInt16?
        var action: String
        var policy: String
        /// How long it says that it lasts; nil until it is lifted.
        var lasts: Duration?
    }

    /// A command in a node, as words, for what is neither rule nor line.
    public struct Command: Sendable, Equatable {
        /// The node.
        public var node: String
        /// The words when the fault is armed.
        public var arm: [String]
        /// The words when it is mended.
        public var disarm: [String]
    }

    /// Its name.
    public var name: String
    /// What it is, as a sentence.
    public var summary: String
    /// Rules.
    public var rules: [Rules] = []
    /// Lines.
    public var lines: [LineChange] = []
    /// Commands.
    public var commands: [Command] = []
    var middleboxes: [MiddleboxPlace] = []
    var services: [ServiceChange] = []
    var records: [Record] = []
    var settings: [Setting] = []
    var loads: [LoadThread.Settings] = []

    /// Whether this and `other` set the same line, service or setting, of which only one can have its way.
    func collides(with other: Fault) -> Bool {
        !Set(lines.map(\.link)).isDisjoint(with: other.lines.map(\.link))
            || !Set(services.map { "\($0.node) \($0.port)" }).isDisjoint(
                with: other.services.map { "\($0.node) \($0.port)" }
            )
            || !Set(settings.map { "\($0.node) \($0.key)" }).isDisjoint(
                with: other.settings.map { "\($0.node) \($0.key)" }
            )
    }

    /// Nodes at which something is broken.
    var nodes: Set<String> {
        let touched = rules.map(\.node) + commands.map(\.node) + services.map(\.node)
        return Set(touched + settings.map(\.node) + loads.map(\.node))
    }
    /// Links on which something is broken.
    var links: Set<String> { Set(lines.map(\.link) + middleboxes.map(\.link)) }
}
