internal import FerryEvidence

/// Every likelihood of a diagnosis, with where it is from: whoever reviews or changes a number opens this file only.
///
/// *Taxonomy*: follows from how the mechanism works. *Judgement*: chosen by the authors, who have seen what the lab's scenarios
/// make of it. Of a group that says both, which value is high and which is low is taxonomy, and how high or low is judgement.
///
/// The models say when a number applies. How likely faults are before anything is known is in `FaultTable`; from where on
/// something counts as found, in `ProbeReading` and beside it; what a verdict says of its own probability, in `Calibration`.
enum LikelihoodTable {
    /// How likely each outcome of a connection is. What is missing to 1 is anything else.
    typealias Outcomes = [ProbeOutcome: Double]

    /// The probability of a finding where a fault is, and where it is not.
    struct Contrast {
        var with: Double
        var without: Double

        subscript(_ isThere: Bool) -> Double { isThere ? with : without }
    }

    /// The probability of each value of a finding that has several; they sum up to 1.
    struct Shares<Value: Hashable & Sendable>: Sendable {
        private let values: [Value: Double]

        init(_ values: [Value: Double]) { self.values = values }

        subscript(_ value: Value) -> Double { values[value] ?? 0 }
    }
}

// MARK: - Path: is the fault passed?

extension LikelihoodTable {
    /// The probability that a connection passes what is broken, where that is not plain from the order of the path.
    enum Path {
        /// What is wrong with one source server is not with its neighbour. Taxonomy, judgement.
        static let neighbourOfSourceHost = 0.03

        /// From a vantage at the very place of the fault, which may be behind it. Judgement; but that only the line itself is
        /// shared behind address translation is taxonomy.
        enum FromItsPlace {
            static let sourceFirewall = 0.3
            static let sourceLine = 0.85
            static let sourceTranslation = 0.05
            static let carrier = 0.3
            static let cloudEdge = 0.3
            /// Security groups and balancers see some of what goes on within a region.
            static let cloudNetwork = 0.2
            static let service = 0.9
            /// Firewalls of hosts let pass what the host says to itself. Taxonomy, judgement.
            static let ownFirewall = 0.1
        }

        /// From elsewhere on the Internet: by another carrier to the same cloud. Judgement.
        static let transitFromElsewhere = 0.3
        /// From within the cloud, past what is before it. Taxonomy, judgement.
        static let outsideFromCloudNetwork = 0.01

        /// To another host of the same region. Taxonomy, judgement.
        enum ToSameRegion {
            static let service = 0.02
            static let cloudNetwork = 0.85
            /// Hosts share groups or have their own.
            static let securityGroup = 0.5
        }

        /// To another cloud, or to neither. Taxonomy, judgement.
        enum ToElsewhere {
            static let transit = 0.5
            static let cloud = 0.01
        }
    }
}

// MARK: - Selector: is the connection one of those that the fault picks?

extension LikelihoodTable {
    /// The probability that a connection that differs from the failing ones in what the selector looks at is picked all the
    /// same. Taxonomy, judgement.
    enum Picked {
        /// How often a declared other source address is in truth translated to the failing one: operators are wrong about
        /// translation now and then. Judgement.
        static let declaredAddress = 0.12
        /// A rule of the customer's firewall about a server is not about its neighbour, and may be about an address or about all
        /// that the server has. Taxonomy, judgement.
        static let neighbourOfRule = 0.05
        static let otherAddressOfServer = 0.5
        /// A block of a source address now and then leaves out the ports that everybody uses. Judgement.
        static let otherPortOfBlockedSource = 0.8
        static let otherDestination = 0.01
        static let otherPort = 0.015
        /// What follows an offender to fresh ports follows its connections there, not a single one.
        static let otherPortOfOffender = 0.06

        static let small = 0.01
        /// Bytes up to which what a connection carries fits into packets that any path takes. Judgement.
        static let smallBytes = 1200

        /// The port is one of the whole tuple.
        static let otherTuple = 0.01
        static let repeatedPort = 0.97
        /// The probability that a hash of the source port picks the bad member. Taxonomy: one in two to eight.
        static let badMember = 0.25

        /// Other content than that which arms the fault.
        static let otherContent = 0.02
        /// The same on the addresses and port of content that went before: some devices go on for one to three minutes.
        static let contentSoonAfter = 0.75
        static let contentLongAfter = 0.1
        static let contentMinutes = 3.0
    }
}

// MARK: - Activity: is the fault at work at the moment?

extension LikelihoodTable {
    /// The probability that a fault is at work when a connection meets it that it picks.
    enum Activity {
        /// An ordinary fault at a given moment while it stands. The rest is intermittence. Judgement.
        static let standing = 0.985

        /// What only meets a source that has not talked with the host for long. Taxonomy, judgement.
        static let freshSource = 0.95
        static let knownSource = 0.04

        /// Ends of connections are remembered for one to four minutes. Taxonomy: RFC 9293, section 3.6.1. How surely is judgement.
        static let tupleMinutes = 2.0
        static let tupleRemembered = 0.9
        static let tupleForgotten = 0.15
    }

    /// Limits of concurrent connections.
    enum Concurrency {
        /// Opened at the same time by one experiment: more than what such a limit lets pass, most likely. Judgement.
        static let atOnce = 0.9
        static let atOnceCount = 8
        /// The same of fewer than stood when one has failed. Judgement.
        static let belowFailed = 0.3
        /// The probability that the limit is met while few or many are open, and if nobody knows. Taxonomy, judgement.
        static let few = 0.05
        static let many = 0.95
        static let unknown = 0.5
        /// Established connections to the suspect from which on they are many. Judgement.
        static let manyCount = 3
    }

    /// Blocks that remember, and limits of new connections. Judgement: such limits are told by the minute.
    enum Memory {
        /// A connection within a scaled minute meets a limit of new connections that a burst has filled.
        static let rateLimited = 0.85
        /// One after a long silence still does.
        static let rateLimitedAfterSilence = 0.08
        /// A block with a memory acts, a scaled minute after a failure.
        static let blocked = 0.93
        /// By how much that falls with every doubling of the silence, counted in scaled minutes.
        static let fall = 0.06
        /// Below which it does not fall.
        static let floor = 0.4
        /// It acts again after a connection got through.
        static let afterSuccess = 0.35
    }

    /// Faults that a connection provokes by what it carries, or by how fast.
    enum Demand {
        /// Up to which rate a transfer is slow: less than what any policer or shaper of a site's line is set to. Judgement.
        static let slowRate = 1.5e6
        /// Faults that meet what is too fast. A cleaner meets some of what is slow, too. Taxonomy, judgement.
        static let slowPastLimit = 0.08
        static let slowPastScrubbing = 0.4
        /// What is paced below what the limit let pass meets it as what is slow does. A burst has room to spare. Judgement.
        static let wellBelowLimit = 0.85
        static let bulkPastLimit = 0.97
        static let littlePastLimit = 0.1
        /// Faults that show in what is long only. Taxonomy, judgement.
        static let bulkPastHarm = 0.97
        static let littlePastHarm = 0.1
        /// A line that others have filled harms little things, too, and what is paced less. Judgement.
        static let littlePastSaturation = 0.3
        static let bulkPastSaturation = 0.97
        static let pacedPastSaturation = 0.5
    }

    /// Faults that begin at a threshold that nobody knows: the probability that it is reached. Its logarithm is anywhere in its
    /// range. Judgement.
    enum Threshold {
        /// Between which values a threshold lies.
        typealias Bounds = (from: Double, to: Double)

        /// Of silence, and of age, in terms of a scaled minute.
        static func silence(_ minute: Double) -> Bounds { (minute / 3, minute * 120) }
        static func age(_ minute: Double) -> Bounds { (minute / 3, minute * 120) }
        /// Of bytes, of a quota and of a receiver's memory.
        static let quota: Bounds = (64e3, 1e9)
        static let unread: Bounds = (64e3, 16e6)

        /// Which part of what has failed is as good as that.
        static let asFailed = 0.98
        /// As much as what has failed.
        static let reached = 0.96
        /// Just under what has failed, and in proportion less below.
        static let almost = 0.5
        /// What has failed is taken to be this far up its range, at least, in logarithms.
        static let leastSpan = 0.1
        /// Under the range, where something has failed and where nothing has.
        static let underRangeOfFailed = 0.02
        static let underRange = 0.01
        /// Over the range.
        static let most = 0.97
    }
}

// MARK: - Declared: does what the operator declares answer at all?

extension LikelihoodTable {
    /// The probability that nothing answers at a control, an alternate port or another destination, though the operator has
    /// declared that something does. Judgement: sites change, and nobody tells the file.
    enum Declared {
        /// Before anybody has called it.
        static let untried = 0.03
        /// After it has failed, and has never worked from anywhere.
        static let hasOnlyFailed = 0.5
        /// What a connection to it comes to then. Taxonomy: a host without the service, or no host.
        static let absent: Outcomes = [
            .refusedFull: 0.6, .synTimeout: 0.22, .applicationError: 0.06, .icmp: 0.05, .connectClosed: 0.03,
            .connectReset: 0.02, .connectSilence: 0.02,
        ]
    }
}

// MARK: - Outcomes: what a connection comes to

extension LikelihoodTable {
    /// What a connection comes to that no fault acts on, or none that is known.
    enum Background {
        /// Taxonomy: a loss of 1 % of packets loses a request in a hundred.
        static let plain: Outcomes = [
            .ok: 0.955, .lateConnect: 0.012, .synTimeout: 0.004, .slowLossy: 0.008, .slowShaped: 0.008,
            .midStall: 0.002, .connectSilence: 0.002, .midReset: 0.001, .connectReset: 0.001,
        ]
        /// The same for a transfer: light loss and waiting are ordinary there.
        static let bulk: Outcomes = [
            .ok: 0.90, .slowLossy: 0.07, .slowShaped: 0.02, .lateConnect: 0.012, .synTimeout: 0.004, .midStall: 0.003,
            .midReset: 0.002, .connectSilence: 0.002,
        ]
        /// What earlier connections came to if there was an outage, and it is over. Judgement.
        static let outage: Outcomes = [
            .synTimeout: 0.5, .midStall: 0.25, .lateConnect: 0.05, .connectSilence: 0.05, .midReset: 0.05, .icmp: 0.04,
            .ok: 0.04,
        ]
        /// What remains for each outcome that is not expected: leak. Judgement.
        static let leak = 0.0015
    }

    /// What a connection comes to when a fault acts on it.
    ///
    /// Taxonomy: which outcomes, from what the fault does to packets. Judgement: their shares, where implementations differ.
    enum Failure {
        /// By what the fault does to packets. What a fault has no entry for it does as in `otherwise`.
        struct ByMechanism {
            var drop: Outcomes?
            var reset: Outcomes?
            var close: Outcomes?
            var silence: Outcomes?
            var otherwise: Outcomes

            subscript(_ mechanism: Mechanism) -> Outcomes {
                switch mechanism {
                case .drop: drop ?? otherwise
                case .reset: reset ?? otherwise
                case .close: close ?? otherwise
                case .silence: silence ?? otherwise
                default: otherwise
                }
            }
        }

        /// Nothing is wrong.
        static let unharmed: Outcomes = [.ok: 1]
        /// Something is, and no connection shows it.
        static let unnoticed: Outcomes = [.ok: 0.97]

        // MARK: At the source

        static let sourcePortsExhausted: Outcomes = [.notSent: 0.97, .applicationError: 0.02]
        static let sourceFirewall = ByMechanism(
            drop: [.synTimeout: 0.75, .notSent: 0.24],
            reset: [.refusedFast: 0.95, .refusedFull: 0.03],
            otherwise: [.notSent: 0.5, .icmp: 0.3, .refusedFast: 0.2]
        )
        /// Without an address nothing is sent.
        static let nameLeadsNowhere: Outcomes = [.notSent: 0.97]
        /// Whatever it is that answers, or does not, where the name leads to.
        static let dnsWrong = ByMechanism(
            drop: [.synTimeout: 0.8, .notSent: 0.1, .icmp: 0.08],
            otherwise: [
                .refusedFull: 0.7, .notSent: 0.1, .applicationError: 0.1, .connectReset: 0.04, .connectClosed: 0.04,
            ]
        )
        /// A peer that still knows the connection before answers with what belongs to that; it may come about at the second
        /// try.
        static let tupleReuse = ByMechanism(
            drop: [.synTimeout: 0.8, .lateConnect: 0.18],
            otherwise: [.refusedFull: 0.5, .lateConnect: 0.33, .connectReset: 0.14]
        )

        // MARK: Before the handshake

        /// Requests vanish, or their answers do.
        static let vanished: Outcomes = [.synTimeout: 0.96, .icmp: 0.02, .lateConnect: 0.01]
        static let carrierBlackHole = ByMechanism(drop: vanished, otherwise: [.icmp: 0.8, .synTimeout: 0.18])
        static let destinationBlackHole: Outcomes = [.synTimeout: 0.85, .icmp: 0.13]
        static let acceptQueueOverflow: Outcomes = [.synTimeout: 0.85, .lateConnect: 0.06, .connectSilence: 0.08]
        static let firewallReject = ByMechanism(
            reset: [.refusedFast: 0.9, .refusedFull: 0.08],
            otherwise: [.icmp: 0.5, .refusedFast: 0.42, .refusedFull: 0.08]
        )
        static let carrierPortBlock = ByMechanism(
            drop: vanished,
            reset: [.refusedFull: 0.5, .refusedFast: 0.25, .connectReset: 0.2],
            otherwise: [.icmp: 0.85, .refusedFull: 0.1]
        )
        static let hostBan = ByMechanism(
            drop: [.synTimeout: 0.97],
            reset: [.refusedFull: 0.95, .connectReset: 0.03],
            otherwise: [.refusedFull: 0.75, .icmp: 0.22]
        )
        static let concurrencyLimit = ByMechanism(
            reset: [.refusedFull: 0.85, .connectReset: 0.12],
            otherwise: [.synTimeout: 0.97]
        )
        static let serviceNotListening: Outcomes = [.refusedFull: 0.98]
        static let staleStagingAddress = ByMechanism(
            reset: [.refusedFull: 0.85, .applicationError: 0.12],
            // Of a host that is off, the last router tells.
            otherwise: [.synTimeout: 0.8, .icmp: 0.17]
        )
        /// The first request is lost, and the next one is not.
        static let firstRequestLost: Outcomes = [.lateConnect: 0.97]
        static let synChallenge: Outcomes = [.ok: 0.5, .lateConnect: 0.46]

        /// Blocks by a policy, by address or by rate.
        static let block = ByMechanism(
            drop: [.synTimeout: 0.97],
            close: [.connectClosed: 0.94, .midClosed: 0.02],
            silence: [.connectSilence: 0.85, .midStall: 0.12],
            // An edge of the cloud may be near the source.
            otherwise: [.refusedFull: 0.68, .connectReset: 0.27, .refusedFast: 0.03]
        )
        /// The same when content arms them: content is cut by them first.
        static let blockOfContent = ByMechanism(
            drop: [.midStall: 0.6, .synTimeout: 0.37],
            close: [.midClosed: 0.5, .connectClosed: 0.46],
            otherwise: [.midReset: 0.5, .refusedFull: 0.3, .connectReset: 0.15]
        )

        // MARK: At the handshake's end

        static let serviceRefuses = ByMechanism(
            reset: [.connectReset: 0.93, .refusedFull: 0.03, .midReset: 0.02],
            silence: [.connectSilence: 0.85, .synTimeout: 0.1, .midStall: 0.02],
            otherwise: [.connectClosed: 0.93, .midClosed: 0.03]
        )
        /// A service that will not, for whatever reason, says so.
        static let serviceSaysNo: Outcomes = [.applicationError: 0.97]
        static let securityGroup = ByMechanism(
            drop: vanished,
            reset: [.refusedFull: 0.97],
            otherwise: [.icmp: 0.8, .refusedFull: 0.17]
        )
        static let notNetwork: Outcomes = [.applicationError: 0.6, .connectClosed: 0.3]
        static let synProxyDeadBackend = ByMechanism(
            reset: [.connectReset: 0.97],
            silence: [.connectSilence: 0.97],
            otherwise: [.connectClosed: 0.97]
        )
        /// The same service, asked past the proxy.
        static let deadBackend: Outcomes = [.synTimeout: 0.4, .refusedFull: 0.4, .connectSilence: 0.12]
        static let transparentProxy = ByMechanism(
            reset: [.connectReset: 0.95],
            close: [.connectClosed: 0.7, .applicationError: 0.27],
            silence: [.connectSilence: 0.9, .midStall: 0.07],
            otherwise: unnoticed
        )
        static let forgedClose = ByMechanism(
            close: [.connectClosed: 0.85, .midClosed: 0.1],
            otherwise: [.connectReset: 0.85, .midReset: 0.1]
        )
        static let loadBalancer = ByMechanism(
            drop: [.synTimeout: 0.95, .connectSilence: 0.03],
            close: [.connectClosed: 0.6, .applicationError: 0.36],
            silence: [.connectSilence: 0.95],
            otherwise: [.connectReset: 0.5, .refusedFull: 0.45]
        )

        // MARK: Midway

        static let loadBalancerIdle = ByMechanism(drop: [.midStall: 0.97], otherwise: [.midReset: 0.97])
        static let idleTimeout = ByMechanism(drop: [.midStall: 0.95], otherwise: [.midReset: 0.95])
        static let applicationTimeout: Outcomes = [.midClosed: 0.85, .midReset: 0.1]
        /// A reset in answer to content.
        static let contentReset: Outcomes = [.midReset: 0.94, .connectReset: 0.04]
        static let payloadDrop: Outcomes = [.midStall: 0.93, .synTimeout: 0.04]
        /// What content has armed meets a connection without it before its handshake.
        static let payloadDropElsewhere: Outcomes = [.synTimeout: 0.93, .midStall: 0.04]
        static let mtuBlackHole: Outcomes = [.midStall: 0.97]
        static let byteQuota = ByMechanism(reset: [.midReset: 0.96], otherwise: [.midStall: 0.8, .synTimeout: 0.17])
        static let lifetimeKill: Outcomes = [.midReset: 0.95]
        static let receiverStalled: Outcomes = [.midStallAtReceiver: 0.9, .midStall: 0.07]
        static let egressAddressFlap: Outcomes = [
            .midStall: 0.35, .midReset: 0.3, .slowLossy: 0.15, .synTimeout: 0.08, .connectSilence: 0.06,
        ]

        // MARK: Slow

        static let egressSaturationOfBulk: Outcomes = [
            .slowShaped: 0.45, .slowLossy: 0.4, .ok: 0.05, .midStall: 0.04, .lateConnect: 0.03,
        ]
        static let egressSaturation: Outcomes = [.ok: 0.8, .lateConnect: 0.1, .synTimeout: 0.04, .slowShaped: 0.04]
        static let policer: Outcomes = [
            .slowLossy: 0.82, .slowShaped: 0.07, .ok: 0.08, .midStallAtReceiver: 0.01, .midStall: 0.01,
        ]
        static let shaper: Outcomes = [.slowShaped: 0.78, .slowLossy: 0.15, .ok: 0.05]
        static let reordering: Outcomes = [.ok: 0.55, .slowLossy: 0.42]
        static let scrubbingCap: Outcomes = [
            .slowLossy: 0.4, .slowShaped: 0.2, .midStall: 0.14, .synTimeout: 0.1, .lateConnect: 0.08, .ok: 0.05,
        ]
        static let windowScaleStripped: Outcomes = [
            .slowShaped: 0.6, .midStallAtReceiver: 0.1, .midStall: 0.05, .ok: 0.23,
        ]
        static let sackStripped: Outcomes = [.slowLossy: 0.3, .ok: 0.65]
        static let randomLoss: Outcomes = [.slowLossy: 0.78, .ok: 0.12, .lateConnect: 0.04, .slowShaped: 0.04]

        /// A transfer over a line that loses at random, which is seen as heavy loss with the probability `heavy`.
        static func randomLossOfBulk(_ heavy: Double) -> Outcomes {
            [
                .slowLossy: 0.9 * heavy, .ok: 0.75 * (1 - heavy), .slowShaped: 0.2 * (1 - heavy), .lateConnect: 0.04,
                // Timeouts double, so that a few losses in a row of the same segment look like a stall.
                .midStallAtReceiver: 0.02, .midStall: 0.02,
            ]
        }
    }
}

// MARK: - Transfer: loss, round trips and windows

extension LikelihoodTable {
    /// A line that loses at random.
    enum Loss {
        /// Shares of segments that a fault worth a remedy loses: above the hundredth that carriers lose on good days.
        /// Judgement.
        static let shares = [0.015, 0.025, 0.04, 0.06, 0.08]
        /// Segments lost at a time: singly, or in bursts, of which either is as likely. Judgement, after Gilbert's model of
        /// 1960.
        static let bursts = [1.0, 5.0]
        /// Of more than some thousand segments, chance is out of it. Judgement.
        static let mostSegments = 6000.0
    }

    /// What a transfer shows beside its outcome. Taxonomy, judgement. That transfers which a policer cuts lose a fifth on
    /// average, and others a twenty-fifth, is from Flach et al., SIGCOMM 2016.
    enum Transfer {
        /// How likely a transfer loses at least heavily, severely, or lightly, its round trip grows, the receiver's window
        /// limits it, and packets overtake each other.
        struct Signs {
            var heavy: Double
            var severe: Double
            var light: Double
            var grows: Double
            var receiver: Double
            var reorders: Double
        }

        /// Many lines lose a little, always.
        static let healthy = Signs(heavy: 0.05, severe: 0.005, light: 0.4, grows: 0.04, receiver: 0.04, reorders: 0.03)
        static let policer = Signs(heavy: 0.9, severe: 0.65, light: 0.07, grows: 0.1, receiver: 0.01, reorders: 0.05)
        static let shaper = Signs(heavy: 0.12, severe: 0.02, light: 0.2, grows: 0.9, receiver: 0.02, reorders: 0.02)
        static let egressSaturation = Signs(
            heavy: 0.4,
            severe: 0.12,
            light: 0.3,
            grows: 0.93,
            receiver: 0.02,
            reorders: 0.03
        )
        static let scrubbingCap = Signs(
            heavy: 0.8,
            severe: 0.55,
            light: 0.12,
            grows: 0.15,
            receiver: 0.02,
            reorders: 0.05
        )
        static let reordering = Signs(
            heavy: 0.35,
            severe: 0.05,
            light: 0.3,
            grows: 0.05,
            receiver: 0.02,
            reorders: 0.93
        )
        static let sackStripped = Signs(
            heavy: 0.3,
            severe: 0.06,
            light: 0.4,
            grows: 0.05,
            receiver: 0.01,
            reorders: 0.05
        )
        static let windowScaleStripped = Signs(
            heavy: 0.02,
            severe: 0.002,
            light: 0.05,
            grows: 0.04,
            receiver: 0.85,
            reorders: 0.02
        )
        static let receiverStalled = Signs(
            heavy: 0.05,
            severe: 0.01,
            light: 0.1,
            grows: 0.05,
            receiver: 0.9,
            reorders: 0.02
        )
        static let egressAddressFlap = Signs(
            heavy: 0.5,
            severe: 0.3,
            light: 0.2,
            grows: 0.05,
            receiver: 0.02,
            reorders: 0.1
        )

        /// A line that loses at random; how much of that is seen follows from `Loss`.
        static func randomLoss(heavy: Double, severe: Double, light: Double) -> Signs {
            Signs(heavy: heavy, severe: severe, light: light, grows: 0.08, receiver: 0.01, reorders: 0.08)
        }

        /// No class of loss is less likely than this. Judgement.
        static let leastOfAClass = 0.01
    }
}

// MARK: - Passage: what is seen where somebody watches

extension LikelihoodTable {
    /// How far requests and their answers come.
    enum Passage {
        /// A request that nothing stops is seen, and one that was stopped before is. Taxonomy, judgement.
        static let sure = 0.985
        static let never = 0.015
        /// The same at the network interfaces of the host that asks. Judgement.
        static let sureOwn = 0.998
        static let neverOwn = 0.002
        /// Of a host's own rules that leave a request unanswered, those that stop the request, and not the answer: stateful rules
        /// let answers pass. Judgement.
        static let ownRulesForWhatLeaves = 0.9
        /// What lets the handshake pass and ends the connection then has let the request pass. Taxonomy, judgement.
        static let requestOfHandshake = 0.9
        /// A proxy before a dead backend asks it, or does not: the request is missing at the service, and on the way there.
        /// Judgement.
        static let missingAtDeadBackend = 0.45
        static let missingBehindProxy = 0.5
        /// Where hardly any fault acted and the connection timed out all the same, the answer may have been what was lost.
        /// Judgement.
        static let answerOfTimeout = 0.5
        /// Under which probability a fault counts as one that did not act. Judgement.
        static let hardlyActed = 0.1
    }

    /// The probability that no answer is seen where the request was, if the fault acted. Taxonomy, judgement.
    enum Unanswered {
        /// The answer goes nowhere; sometimes it is seen to leave.
        static let returnRouteMissing = 0.98
        static let returnRouteMissingAtService = 0.85
        static let acceptQueueOverflow = 0.9
        /// The host itself keeps silent.
        static let byHost = 0.97
        /// The answer comes by another way.
        static let asymmetricPathAtSource = 0.98
        static let asymmetricPathElsewhere = 0.02
        static let synProxyDeadBackend = 0.6
        /// What stops requests has let nothing come back to who watches before it. Who watches behind it sees the answer.
        static let beforeTheStop = 0.97
        static let behindTheStop = 0.03
        static let timeout = 0.3
        static let otherwise = 0.02
    }
}

// MARK: - End: who ends a connection

extension LikelihoodTable {
    /// Whether the server's own end sent the end that the client saw.
    enum ServerEnd {
        /// If the fault acted. Taxonomy, judgement.
        static let byServer = 0.97
        /// A ban answers port unreachable by ICMP, or drops.
        static let hostBan = Contrast(with: 0.95, without: 0.03)
        static let staleStagingAddress = 0.05
        /// A closed port behind a proxy resets the proxy's request.
        static let synProxyDeadBackend = Contrast(with: 0.6, without: 0.1)
        static let onTheWay = 0.02
        static let otherwise = 0.3
        /// If none did. Judgement.
        static let untouched = 0.4

        /// An end of the server's is a reset or a close; where it sends none, it may answer the client's. Judgement.
        static let resetOrClose = 0.5
        static let afterClient = 0.3
        static let nothing = 0.7
    }

    /// The end shows itself as forged: the peer goes on speaking, or sequence numbers are guessed.
    enum Forged {
        /// In general, and under a fault that may forge, before what it adds when it acts. Judgement.
        static let otherwise = 0.012
        static let least = 0.02
        /// What acting adds. Taxonomy, judgement: what only adds packets keeps nobody from speaking.
        static let payloadInjector = 0.75
        static let lanInjector = 0.7
        static let forgedClose = 0.4
        static let antiAbuseBlock = 0.15
    }

    /// The closing packet has come as far as the peer's other packets. Taxonomy, judgement.
    enum AsFar {
        static let byServer = 0.97
        static let byHost = 0.9
        /// Those that copy the time to live exist; devices in the path use their own.
        static let beside = 0.4
        static let inPath = 0.45
        static let otherwise = 0.8
        /// If no fault acted.
        static let untouched = 0.85
    }
}

// MARK: - Refusals

extension LikelihoodTable {
    /// Who sends an ICMP error: the host, something from which it comes sooner than the host can answer, or something further
    /// away. Taxonomy: no packet is faster than its way, and devices answer by their own addresses. How surely is judgement.
    enum Rejecter {
        static let bySource = Shares<Finding.Rejecter>([.host: 0.01, .nearby: 0.95, .faraway: 0.04])
        static let onTheWay = Shares<Finding.Rejecter>([.host: 0.03, .nearby: 0.3, .faraway: 0.67])
        /// Security groups, and firewalls of the host itself.
        static let beforeHost = Shares<Finding.Rejecter>([.host: 0.5, .nearby: 0.03, .faraway: 0.47])
        static let byHost = Shares<Finding.Rejecter>([.host: 0.9, .nearby: 0.02, .faraway: 0.08])
        /// A closed port answers by a reset. Taxonomy: RFC 9293, section 3.10.7.1.
        static let byClosedPort = 0.002
        /// If no fault acted.
        static let untouched = Shares<Finding.Rejecter>([.host: 0.3, .nearby: 0.3, .faraway: 0.4])
    }

    /// What an ICMP error says. Taxonomy: which errors routers and filters send (RFC 1812, sections 4.3 and 5.2.7); nftables'
    /// `reject` says port unreachable unless it is told otherwise. How often is judgement.
    enum ICMPSays {
        static let byFilter = Shares<ICMPFacts.Meaning>([
            .prohibited: 0.45, .portUnreachable: 0.4, .unreachable: 0.147, .timeExceeded: 0.003,
        ])
        static let byRouter = Shares<ICMPFacts.Meaning>([
            .prohibited: 0.03, .portUnreachable: 0.03, .unreachable: 0.74, .timeExceeded: 0.2,
        ])
        /// If no fault acted.
        static let untouched = 0.25
    }

    /// What answers speaks another protocol than the suspect does. Taxonomy, judgement: who has got the address, or whom a name
    /// leads to, has services of its own; but a site file may be wrong about a port, too.
    enum Speech {
        static let another = 0.01
        static let anotherOfStranger = 0.4
        /// Of what nobody has modelled, as a site file that names the wrong protocol.
        static let anotherOfUnmodelled = 0.4
    }

    /// A service that refuses because it is full says so in its words. Taxonomy: rsync's "max connections", HTTP's 429.
    static let refusalNamesLimit = Contrast(with: 0.85, without: 0.03)
}

// MARK: - Handshake

extension LikelihoodTable {
    /// What handshakes show.
    enum Handshake {
        /// One with the host itself takes much less than others. Taxonomy: no packet is faster than its way.
        static let short = 0.0002
        /// What acting adds; of a proxy, if it is near, and if it is beside the host. Taxonomy, judgement.
        static let shortByTransparentProxy = 0.93
        /// Of one that takes all connections, what it is compared with is short as well.
        static let shortByProxyOfAll = 0.4
        static let shortBySYNProxy = Contrast(with: 0.95, without: 0.04)
        static let shortByForgedClose = Contrast(with: 0.3, without: 0.02)

        /// An option that both ends offer is not agreed on: in general, and what stripping adds. Taxonomy, judgement.
        static let lacksOption = 0.006
        static let lacksStrippedOption = 0.96
        /// A proxy speaks for itself.
        static let lacksOptionByProxy = 0.15

        /// The first request is answered wrongly, and the second rightly. Taxonomy, judgement.
        static let challenged = 0.004
        static let challengedWhenFresh = Contrast(with: 0.85, without: 0.05)
        static let challengedByTupleReuse = 0.2

        /// Only the request that offers ECN is lost, under `ecnSYNDrop`. Taxonomy, judgement.
        static let onlyECNIsLost = Contrast(with: 0.97, without: 0.01)
    }
}

// MARK: - Host: what hosts, providers and monitors tell

extension LikelihoodTable {
    /// What the hosts at both ends tell. Each contrast is one between the cause that shows it, and all others. Taxonomy,
    /// judgement.
    enum Host {
        /// Something listens at the suspect's port.
        enum Listens {
            static let serviceNotListening = 0.02
            static let synProxyDeadBackend = 0.7
            static let staleStagingAddress = 0.9
            /// Who is full, refuses or hangs is there.
            static let ofService = 0.999
            static let otherwise = 0.99
        }

        /// The queue of connections to be accepted overflows.
        enum QueueOverflows {
            static let acceptQueueOverflow = 0.95
            /// Behind a proxy the backend may be dead in this way, too.
            static let synProxyDeadBackend = 0.6
            static let otherwise = 0.015
        }

        /// Under `returnRouteMissing`.
        static let hasRouteBack = Contrast(with: 0.08, without: 0.995)
        /// Under `receiverStalled`.
        static let leavesUnread = Contrast(with: 0.85, without: 0.02)
        /// Under `sourcePortsExhausted`.
        static let portsAreExhausted = Contrast(with: 0.9, without: 0.01)
        /// Under `ecnSYNDrop`, which nothing else than an offer meets.
        static let offersECN = Contrast(with: 0.99, without: 0.15)
        /// Under `staleStagingAddress` and `dnsWrong`.
        static let ownsSuspectAddress = Contrast(with: 0.1, without: 0.995)
        /// Under `egressAddressFlap`.
        static let addressChanges = Contrast(with: 0.9, without: 0.01)
        /// Under `egressSaturation`.
        static let uplinkIsFull = Contrast(with: 0.9, without: 0.1)

        /// The control worked once and failed once.
        enum ControlsDisagree {
            /// Each connection has a local port of its own.
            static let badECMPMember = 0.4
            static let lossy = 0.06
            static let otherwise = 0.01
        }

        /// No connection of the mover's log has failed.
        enum NothingHasFailed {
            static let healthy = 0.95
            /// An outage that is over has failed something.
            static let outage = 0.02
            /// What makes slow or late fails nothing.
            static let slow = 0.8
            static let otherwise = 0.06
        }
    }

    /// Where the suspect's name leads. Names with several addresses, and those that are answered otherwise inside than outside,
    /// differ without anything being wrong. Taxonomy, judgement.
    enum Name {
        enum Elsewhere {
            static let dnsWrong = 0.5
            static let staleStagingAddress = 0.3
            static let otherwise = 0.05
        }

        enum TheSameWay {
            static let dnsWrong = 0.1
            static let staleStagingAddress = 0.69
            static let otherwise = 0.945
        }

        /// Under `dnsWrong`.
        static let nowhere = Contrast(with: 0.4, without: 0.005)
    }

    /// What the provider's records say. A record is strong and no proof: it may be about another flow of the same key.
    /// Judgement.
    enum Provider {
        enum BlocksKey {
            static let antiAbuseBlock = 0.8
            static let byteQuota = 0.01
            static let otherwise = 0.002
        }

        enum BlocksSource {
            static let sourceAddressBlock = 0.7
            static let antiAbuseBlock = 0.05
            static let otherwise = 0.002
        }

        /// Under both blocks. Most sites have others' blocks in their account now and then.
        static let blocksSomebody = Contrast(with: 0.5, without: 0.1)
        /// Under `scrubbingCap`.
        static let scrubs = Contrast(with: 0.8, without: 0.004)
        /// Under `destinationBlackHole`.
        static let blackHole = Contrast(with: 0.8, without: 0.003)
        /// Under whatever is recorded: in complete records, and in others.
        static let nothing = Contrast(with: 0.05, without: 0.98)
        static let nothingKnown = Contrast(with: 0.4, without: 0.98)
        /// How likely the provider's own block of a source is that its allowlist lets pass, against any other fault.
        static let blockedThoughAllowlisted = 0.1
        /// Scaled minutes until an allowlist acts: providers say up to ten.
        static let allowlistMinutes = 10.0
        /// Scaled minutes that records may be older than a failure that the diagnosis itself sees.
        static let recordMinutes = 10.0
    }

    /// What had gone before the first failure. A fault that traffic arms begins after traffic; any other one begins when it
    /// likes. Taxonomy, judgement.
    enum Onset {
        /// Armed by many connections in a short time: limits that forget, and blocks that remember.
        static let connectionRate = Shares<Finding.Onset>([.burst: 0.85, .volume: 0.05, .quiet: 0.1])
        static let rememberedConnectionRate = Shares<Finding.Onset>([.burst: 0.86, .volume: 0.06, .quiet: 0.08])
        static let bytes = Shares<Finding.Onset>([.burst: 0.05, .volume: 0.85, .quiet: 0.1])
        static let concurrency = Shares<Finding.Onset>([.burst: 0.3, .volume: 0.1, .quiet: 0.6])
        static let offWire = Shares<Finding.Onset>([.burst: 0.1, .volume: 0.1, .quiet: 0.8])
        static let otherwise = Shares<Finding.Onset>([.burst: 0.07, .volume: 0.15, .quiet: 0.78])
    }
}

// MARK: - What nobody knows

extension LikelihoodTable {
    /// A fault that nobody here knows may show anything, most likely nothing. Judgement.
    enum Unmodelled {
        static let outcomes: Outcomes = [.ok: 0.6]
        static let leak = 0.025
        static let loss = 0.3
        /// One of several things that a host, a record or a history may say.
        static let oneOfSeveral = 0.25
        static let otherwise = 0.35
    }
}

// MARK: - Weights: how much a finding counts

extension LikelihoodTable {
    /// The parts of `EvidenceWeights.cautious`. Judgement: less than `ferry-lab fit` finds, which makes verdicts that are sure
    /// and wrong; docs/design/0004-diagnosis-model.md has the split and the figures.
    enum Weight {
        static let temper = 0.85
        static let repeats = 0.5
        static let related = 0.65
        static let history = 0.8
    }
}
