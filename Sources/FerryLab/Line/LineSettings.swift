public import FerryCore

/// What a line does to the packets that go along it in one direction. Without anything set it lets all pass at once.
public struct LineSettings: Sendable, Equatable {
    /// How packets are lost.
    public enum Loss: Sendable, Equatable {
        /// None is lost.
        case none
        /// Each with this probability, 0 to 1, whatever became of the others.
        case independent(Double)
        /// In bursts: the line is good or bad, and changes with each packet with these probabilities. (E. N. Gilbert,
        /// Capacity of a burst-noise channel, 1960.)
        case bursts(begin: Double, end: Double, lossWhileBad: Double)
    }

    /// A bucket that lets pass what there are tokens for, and drops the rest.
    public struct Policer: Sendable, Equatable {
        /// How fast tokens come.
        public var rate: BitRate
        /// How many bytes of them are kept.
        public var burst: ByteCount

        /// A policer of `rate` that keeps tokens for `burst`.
        public init(rate: BitRate, burst: ByteCount) {
            self.rate = rate
            self.burst = burst
        }
    }

    /// A queue that is emptied at a rate, and drops what it has no room for.
    public struct Shaper: Sendable, Equatable {
        /// How fast packets leave.
        public var rate: BitRate
        /// How many bytes wait at most.
        public var queue: ByteCount

        /// A shaper of `rate` with room for `queue`.
        public init(rate: BitRate, queue: ByteCount) {
            self.rate = rate
            self.queue = queue
        }
    }

    /// What becomes of packets longer than the line takes.
    public struct Narrowness: Sendable, Equatable {
        /// Bytes of the longest IP packet that passes.
        public var mtu: Int
        /// Whether the sender is told (ICMP type 3, code 4).
        public var isTold: Bool

        /// A line that takes packets of `mtu` bytes.
        public init(mtu: Int, isTold: Bool) {
            self.mtu = mtu
            self.isTold = isTold
        }
    }

    /// How long a packet takes.
    public var delay = Duration.zero
    /// How much longer it takes at the most; evenly distributed. Packets stay in their order.
    public var jitter = Duration.zero
    /// How packets are lost.
    public var loss = Loss.none
    /// The probability that a packet arrives twice.
    public var duplication = 0.0
    /// The probability that a packet takes `reorderingDelay` longer while those behind it do not wait.
    public var reordering = 0.0
    /// How much longer it takes then.
    public var reorderingDelay = Duration.milliseconds(5)
    /// A policer at the beginning of the line.
    public var policer: Policer?
    /// A shaper at the beginning of the line.
    public var shaper: Shaper?
    /// The longest packet; nil for whatever the devices take.
    public var narrowness: Narrowness?
    /// The routers on the way, by the addresses they answer from when a packet's time to live ends at them.
    public var hops: [IPv4Address] = []

    /// A line that lets all pass at once.
    public init() {}
}
