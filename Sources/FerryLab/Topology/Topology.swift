/// A network as a file of the lab describes it: nodes, each a network namespace, and links between them.
public struct Topology: Sendable, Equatable {
    /// A network namespace.
    public struct Node: Sendable, Equatable {
        /// Its name: letters, digits and hyphens, at most 15.
        public var name: String
        /// Where on the path it is, in the words of a diagnosis; nil for what lies on no path.
        public var place: String?
        /// Addresses of its loopback device, with prefix lengths.
        public var addresses: [String] = []
        /// The node is a switch: its devices are ports of one bridge, and this is the address of the bridge, if any.
        public var bridge: Bridge?
        /// Arguments of `ip route add`.
        public var routes: [String] = []
        /// Arguments of `ip rule add`.
        public var rules: [String] = []
        /// Kernel settings of the namespace, by their path below /proc/sys with dots.
        public var settings: [String: String] = [:]
        /// A rule set for `nft -f`.
        public var filter: String?
        /// Services that run in it.
        public var services: [Service] = []
    }

    /// The address of a switch.
    public struct Bridge: Sendable, Equatable {
        /// The address with its prefix length; nil for a switch without one.
        public var address: String?
    }

    /// What answers at a port.
    public struct Service: Sendable, Equatable {
        /// What it says.
        public enum Kind: String, Sendable, CaseIterable {
            /// An rsync daemon's greeting, then it takes whatever comes.
            case rsync
            /// An answer to every HTTP request.
            case http
            /// Gives back what it is given.
            case echo
            /// The cloud's interface for its customer: `CloudConsole`.
            case console
            /// A transparent proxy: `ServiceRelay`.
            case relay
        }

        /// What it says.
        public var kind: Kind
        /// The TCP port.
        public var port: UInt16
    }

    /// One end of a link.
    public struct End: Sendable, Equatable {
        /// The node.
        public var node: String
        /// The device's name there.
        public var device: String
        /// Its address with prefix length; nil at a switch.
        public var address: String?
    }

    /// A connection between two nodes.
    public struct Link: Sendable, Equatable {
        /// Its name, by which faults speak of it.
        public var name: String
        /// The end near the source servers.
        public var near: End
        /// The other end.
        public var far: End
        /// What the way does to packets, towards the far end and back; nil for a pair of veth devices, which does
        /// nothing to them.
        public var line: Line?
    }

    /// Both directions of a link in user space.
    public struct Line: Sendable, Equatable {
        /// From near to far.
        public var forward: LineSettings
        /// From far to near.
        public var back: LineSettings
    }

    /// What the cloud's policies have in common.
    public struct Cloud: Sendable, Equatable {
        /// How long it takes until an address on the allowlist is let pass.
        public var allowanceDelay = Duration.seconds(10)
        /// Whether its records hold everything that it does.
        public var recordsAreComplete = true
    }

    /// What it is called.
    public var name: String
    /// The nodes, in the order of the file.
    public var nodes: [Node]
    /// The links, in the order of the file.
    public var links: [Link]
    /// What can be broken.
    public var faults: [Fault]
    /// What the chances of the lines begin with.
    public var seed: UInt64
    /// What the waits of whoever diagnoses it are multiplied by: its times stand for longer ones.
    public var timeScale = 1.0
    /// Its cloud.
    public var cloud = Cloud()
    /// What the operator knows of it; nil if nobody can be asked to diagnose it.
    public var site: Site?
}
