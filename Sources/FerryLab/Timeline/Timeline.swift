public import FerryCore

/// A story that is played in a topology: what happens when, with real agents in it, and what those who stand before it see.
public struct Timeline: Sendable, Equatable {
    /// Something that happens, at a moment of the story.
    public struct Step: Sendable, Equatable {
        /// When, in the words of the story.
        public var when: String
        /// What is told about it.
        public var says: String
        /// What is done, one after another.
        var acts: [Act]
    }

    /// Something that is done.
    enum Act: Sendable, Equatable {
        /// A change of the timeline is made, or made undone.
        /// With whether it is told.
        case arm(String, isTold: Bool)
        case disarm(String)
        /// The cloud's customer makes and releases instances.
        case instances(created: Int, released: Int)
        /// Agents begin to move the disks of servers.
        case start(servers: [String], port: UInt16, rate: BitRate?)
        /// They are waited for: until all are verified, or until each has been cut off.
        case awaitVerified(within: Duration)
        case awaitBroken(within: Duration)
        /// They are stopped where they are.
        case stop
        /// Plain connections are made.
        case probe(PlainProbe, count: Int, sees: [PlainOutcome])
        /// Nothing is done for so long.
        case wait(Duration)
        /// What the line has carried is told, as the egress monitor shows it.
        case monitor(link: String)
        /// The cloud's block records are asked for.
        case records(blocked: IPv4Address?)
        /// Addresses are put on the cloud's allowlist, and that takes effect.
        case allow([IPv4Address])
        /// Ferry diagnoses what is there at this moment.
        case diagnose(Expectation)
    }

    /// What a diagnosis may use, and what it should come to; nil for whatever it says.
    struct Expectation: Sendable, Equatable {
        var tier = Grants().tier
        var cause: String?
        var remedy: String?
    }

    /// Its name.
    public var name: String
    /// What it is, as a sentence.
    public var title: String
    /// What its steps change.
    public var changes: [Fault]
    /// The node of the staging server.
    public var staging: String
    /// The address at which agents find it.
    public var stagingAddress: IPv4Address
    /// The ports at which it is found; it listens at the first.
    public var ports: [UInt16]
    /// The size of each server's disk.
    public var disk: ByteCount
    /// What happens.
    public var steps: [Step]
}
