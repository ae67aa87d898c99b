public import FerryEvidence

/// One experiment: a control, the connection in question, and the control again, with whoever watches.
public struct Experiment: Sendable, Equatable {
    /// What it is, as a stable word.
    public enum Kind: String, Sendable, CaseIterable {
        /// A look at hosts; nothing goes over the wire.
        case look
        /// The suspect as it is.
        case baseline
        /// The suspect after a long silence.
        case silence
        /// Another port of the suspect host.
        case port
        /// Another address to leave by.
        case sourceAddress = "source-address"
        /// Another place to look from.
        case vantage
        /// Another destination.
        case destination
        /// What the content is.
        case content
        /// A transfer.
        case transfer
        /// Small segments.
        case segmentSize = "segment-size"
        /// Silence within the connection.
        case idle
        /// A slow and long transfer.
        case rate
        /// Several connections at once.
        case concurrency
        /// The local port that had failed.
        case sourcePort = "source-port"
        /// Who answers on the way to a control; nothing goes to the suspect.
        case ladder
        /// What had failed, after the remedy.
        case confirmation
    }

    /// Its name within the diagnosis, as `E04`.
    public var id: String
    /// What it is.
    public var kind: Kind
    /// What a person is told that is changed against the failing connection.
    public var changed: String
    /// The connection in question, with the terms that hypotheses are about.
    public var contact: Contact?
    /// The connection in question; its `id` is given when it is run.
    public var probe: ProbePlan?
    /// What is known to work, asked just before and after; nil if the site declares none.
    public var control: ProbePlan?
    /// Who watches.
    public var watches: [WatchPlan] = []
    /// Hosts to be looked at, before and after.
    public var hosts: [HostPlan] = []
    /// Who answers on the way to a control, instead of a connection; its `id` is given when it is climbed.
    public var ladder: LadderPlan?
    /// Minutes that it is worth, harm left out.
    public var cost = 0.5
    /// Seconds for which its key has to have been left alone before.
    public var silence = 0.0
    /// The permission that it needs; nil for none.
    public var needs: Site.Permission?

    init(_ kind: Kind, changed: String) {
        id = ""
        self.kind = kind
        self.changed = changed
    }

    /// What is as it was in the connection that fails.
    public var held: [String] {
        guard let contact else { return [] }
        let all = [
            ("the place", contact.vantage == 0), ("the source address", contact.source == .failing),
            ("the destination", contact.destination == .suspectHost), ("the port", contact.port == .suspect),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// What makes two of them the same experiment.
    var signature: String {
        let plan = probe
        return [
            kind.rawValue, plan?.vantage ?? ladder?.vantage ?? "", plan?.sourceAddress ?? ladder?.sourceAddress ?? "",
            "\(plan?.sourcePort ?? 0)", plan?.host ?? ladder?.host ?? "", "\(plan?.port ?? ladder?.port ?? 0)",
            plan?.payload?.kind.rawValue ?? "", "\(plan?.payload?.bytes ?? 0)",
            "\(plan?.idleSeconds ?? 0)", "\(plan?.concurrency ?? 1)", "\(plan?.options?.maximumSegment ?? 0)",
            "\(plan?.payload?.bitsPerSecond ?? 0)",
        ].joined(separator: " ")
    }
}

/// What came of an experiment.
public struct ExperimentResult: Sendable, Equatable {
    /// The control before.
    public var before: ProbeRecord?
    /// The connection in question.
    public var probe: ProbeRecord?
    /// The control afterwards.
    public var after: ProbeRecord?
    /// What was seen by who watched.
    public var watches: [WatchRecord] = []
    /// When the connection in question had ended, in seconds since the diagnosis began.
    public var endedAt: Double?
    /// Hosts before.
    public var hostsBefore: [HostRecord] = []
    /// Hosts afterwards.
    public var hostsAfter: [HostRecord] = []
    /// Who answers on the way to a control.
    public var ladder: LadderRecord?

    /// Nothing.
    public init() {}
}
