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
}
