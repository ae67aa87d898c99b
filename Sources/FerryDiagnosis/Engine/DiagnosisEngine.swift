public import FerryAddress
public import FerryCore
public import FerryEvidence

/// Diagnoses: takes evidence, chooses experiments, says what it believes. Pure: it has no clock and no socket, so that the lab,
/// recorded incidents and tests drive the same code.
public struct DiagnosisEngine: Sendable {
    /// The site as the tier shows it.
    public internal(set) var view: SiteView
    /// The situation.
    public internal(set) var scene: Scene
    /// What is believed.
    public internal(set) var belief: Belief
    /// What was done, in order.
    public internal(set) var done: [Done] = []
    /// What can be told of evidence that was there before.
    public internal(set) var notes: [Note] = []

    /// An experiment that was made.
    public struct Done: Sendable {
        /// It.
        public var experiment: Experiment
        /// Why it was chosen.
        public var why: Reason
        /// What came of it.
        public var result: ExperimentResult
        /// What the connection in question came to.
        public var outcome: ProbeOutcome?
        /// What was found.
        public var findings: [Finding]
        /// Whether it was thrown away because its controls disagreed.
        public var isDiscarded: Bool
        /// Whether it does not count as long as it is open whether the service itself has ended it, which need not take content of a
        /// stranger.
        public var isLeftOpen = false
        /// Remedies and their probabilities afterwards, the likeliest first.
        public var belief: [(remedy: Remedy, share: Double)]
    }

    /// Evidence that was there before anybody asked.
    public struct Note: Sendable {
        /// A word of docs/manual/report.md, as `history` or `provider-record`.
        public var kind: String
        /// A sentence.
        public var says: String
        /// What it is about.
        public var arguments: [String]
        /// What was found.
        public var findings: [Finding]
    }

    /// Whether what had failed works after the remedy; nil if that was not tried.
    public internal(set) var isConfirmed: Bool?
    /// Vantages that cannot be asked. What they have told before counts.
    public var unreachable: Set<String> = []
    var guards: Guards
    let strategy: Strategy
    var random: UInt64
    var references: [String: Double] = [:]
    /// The time to live with which a host's answers arrive at a vantage.
    var distances: [String: Int] = [:]
    var talked: Set<Contact.SourceIdentity> = []
    var isBaselineKnown = false
    var pending: HistoryReading?
    /// How long the key of the connection that is being made had been left alone before.
    var silenceBefore: Double?
    private var recorded: (ProviderRecords, UTCTime)?
    /// Hosts whose service has taken content that it does not understand.
    var tolerantHosts: Set<String> = []
    var leftOpen: [LeftOpen] = []
    /// The failing source's public addresses, as they were seen.
    public internal(set) var translatedAddresses: Set<String> = []
    /// Those by which a service at the suspect's host says that it sees it: a stranger's word, and behind that of who has watched.
    var echoedAddresses: Set<String> = []
    /// The one by which the suspect had seen it last, as the mover's log tells. It may be another one by now.
    var loggedAddress: String?
    /// By which addresses it leaves, as far as anybody has seen that.
    var leavingAddresses: Set<String> {
        let logged = Set([loggedAddress].compactMap(\.self))
        return [translatedAddresses, echoedAddresses, logged].first { !$0.isEmpty } ?? []
    }
    /// The failing source's own addresses towards the suspect.
    var localAddresses: Set<String> = []
    /// The connections of the failing key.
    var bracket = MemoryBracket()
    /// When the connection that is being made was begun.
    var begunAt: Double?
    /// When the suspect was last seen failing by this diagnosis, in seconds of its clock.
    var failedAt: Double?
    /// Whether the site calls the suspect by a name.
    let suspectIsNamed: Bool
    /// Where that leads from each vantage.
    var ledTo: [String: Set<String>] = [:]
    /// How often it was not found from a vantage.
    var ledNowhere: [String: Int] = [:]
    /// Vantages that could not watch.
    var cannotWatch: Set<String> = []
    /// Vantages whose watch has not seen a connection that came through.
    var blindWatchers: Set<String> = []
    /// When the budget ends, in seconds of the diagnosis' clock.
    public private(set) var ends: Double
    /// How often it was tried whether the remedy has helped.
    var confirmations = 0
    /// Whether the mover's log tells of a connection to the suspect that worked.
    private(set) var moverHasWorked = false
    /// Of the time since the diagnosis began, how many seconds it was interrupted.
    private(set) var secondsInterrupted = 0.0
    /// How many experiments were made before it was interrupted last.
    private(set) var doneBeforeInterruption = 0

    /// A diagnosis of `site`.
    /// - Parameters:
    ///   - tier: the privilege tier, 0 to 3.
    ///   - timeScale: what waits are multiplied by.
    ///   - seed: of the order in which `random` asks.
    ///   - weights: how much each finding counts.
    public init(
        _ site: Site,
        tier: Int,
        timeScale: Double,
        strategy: Strategy = .gain,
        seed: UInt64 = 1,
        weights: EvidenceWeights = .cautious
    ) {
        suspectIsNamed = IPAddress(parsing: site.suspect.host) == nil
        // A name that nobody asks for leads nowhere wrong.
        belief = Belief(weights, without: suspectIsNamed ? [] : [.dnsWrong])
        view = SiteView(site, tier: tier)
        scene = Scene()
        scene.timeScale = timeScale
        guards = Guards(site.guards ?? Site.Guards(), timeScale: timeScale)
        notes = [site.guards?.note].compactMap { $0 }
        self.strategy = strategy
        random = seed
        ends = max(15, site.budget.minutes * 60 * timeScale)
    }

    /// Remedies with their probabilities, the likeliest first.
    public var leadingRemedies: [(remedy: Remedy, share: Double)] {
        belief.shares(\.remedy).map { ($0.key, $0.share) }
    }

    // MARK: evidence that is there

    /// Takes the mover's event log into account.
    /// - Parameter now: the time at which the diagnosis began.
    public mutating func take(history events: [MoverEvent], now: UTCTime) {
        let reading = HistoryReading(view: view, events: events, now: now, minute: scene.minute)
        view.failingPort = reading.failingPort
        scene.lastFailure = reading.lastFailure
        bracket = reading.bracket
        loggedAddress = reading.observedAddress
        moverHasWorked = reading.worked > 0
        pending = reading
        notes.append(reading.note)
    }

    /// What was there before anybody asked is judged as soon as it can be.
    mutating func judgeStandingEvidence() {
        judgeHistory()
        judgeRecords()
    }

    /// What the mover's connections came to is judged once hosts have told how many of them stand.
    mutating func judgeHistory() {
        guard let reading = pending else { return }
        pending = nil
        guard reading.hasFailed else {
            if reading.count >= 1 { belief.take(.nothingHasFailed(true), in: scene) }
            return
        }
        belief.take(.nothingHasFailed(false), in: scene)
        if reading.hasManyAtOnce {
            scene.hasManyConnections = true
            scene.failingConcurrency = reading.othersAtOnce + 1
        }
        scene.failingIdle = reading.failingIdle
        scene.failingBytes = reading.failingBytes
        scene.failingAge = reading.failingAge
        if reading.talked { talked.insert(.failing) }
        var findings: [Finding] = []
        for (contact, outcome) in reading.outcomes {
            let finding = Finding.outcome(contact, outcome)
            belief.take(finding, in: scene, weight: belief.weights.history)
            findings.append(finding)
        }
        let onset = Finding.onset(reading.onset)
        belief.take(onset, in: scene)
        findings.append(onset)
        if let index = notes.firstIndex(where: { $0.kind == "history" }) { notes[index].findings = findings }
    }

    /// Takes the provider's records into account: once the suspect was seen failing, because only then it may be known by which
    /// address the failing source leaves, and records tell of others' addresses, too.
    public mutating func take(records: ProviderRecords, now: UTCTime) {
        recorded = (records, now)
        note(notUnderstood: records.notUnderstood)
        for (name, written, count) in records.impossibleTimes {
            let more = count > 1 ? " So are \(count - 1) more of the name." : ""
            let proves =
                name == "asOf"
                ? " Of when the records are is not known: what is not in them may be so all the same." : ""
            notes.append(
                Note(
                    kind: "provider-time",
                    says:
                        "The provider's records have \"\(written)\" as \"\(name)\", which is no time: it is passed over.\(more)\(proves) Write it as 2026-01-31T12:00:00Z.",
                    arguments: [name, written, "\(count)"],
                    findings: []
                )
            )
        }
    }

    /// Notes what the provider's records have that nobody understands: what they seem not to have may stand there.
    private mutating func note(notUnderstood: [String]?) {
        guard let first = notUnderstood?.first, let count = notUnderstood?.count else { return }
        let more = count > 1 ? ", and \(count - 1) more" : ""
        notes.append(
            Note(
                kind: "provider-unread",
                says:
                    "The provider's records have \"\(first)\"\(more), which is no key or address of records: what is not found in them may be so all the same. docs/specs/diagnosis.md has their shape.",
                arguments: [first, "\(count)"],
                findings: []
            )
        )
    }

    /// Notes that a capture could not be read to its end.
    /// - Parameter what: its name, and where it stopped.
    mutating func note(cutCapture what: String) {
        notes.append(
            Note(
                kind: "cut-capture",
                says: "A capture was not read to its end, and what it has until then counts: \(what).",
                arguments: [what],
                findings: []
            )
        )
    }

    mutating func judgeRecords() {
        guard isBaselineKnown, let (records, now) = recorded else { return }
        recorded = nil
        // By which address it leaves, the source itself knows only if nobody translates it.
        let isTranslated = localAddresses.allSatisfy { IPAddress(parsing: $0)?.isPrivate ?? true }
        let finding = records.finding(
            sources: Set(leavingAddresses.union(localAddresses).map { CanonicalHost($0) }),
            areAll: !translatedAddresses.isEmpty || !echoedAddresses.isEmpty || !isTranslated,
            hosts: view.suspectHosts,
            port: view.site.suspect.port,
            now: now,
            covering: momentToCover(now)
        )
        takeRecorded(.providerRecord(finding))
        judgeAllowlist(of: records, now: now)
    }

    /// Takes what a record says into account, and notes it.
    mutating func takeRecorded(_ finding: Finding) {
        belief.take(finding, in: scene)
        notes.append(
            Note(
                kind: FindingText.kind(finding),
                says: FindingText.sentence(finding),
                arguments: FindingText.arguments(finding),
                findings: [finding]
            )
        )
    }

    /// Takes the uplink's monitor into account.
    public mutating func take(uplink readings: UplinkReadings, now: UTCTime) {
        let capacity = view.site.uplink?.bitsPerSecond.map { Double($0) }
        guard let isFull = readings.isFull(capacity: capacity, now: now) else { return }
        belief.take(.uplinkIsFull(isFull), in: scene)
        notes.append(
            Note(
                kind: "monitor",
                says: FindingText.sentence(.uplinkIsFull(isFull)),
                arguments: ["\(isFull)"],
                findings: [.uplinkIsFull(isFull)]
            )
        )
    }

    /// Counts what other diagnoses have asked of the suspect: guards are about what it sees.
    /// - Parameter now: seconds since the diagnosis began, from which their `secondsBefore` count.
    public mutating func take(earlier connections: [EarlierConnection], at now: Double = 0) {
        for connection in connections where (0...1e9).contains(connection.secondsBefore) {
            var plan = connection.plan
            // Whoever is no vantage of this site has most likely looked from where it fails.
            if !view.site.vantages.contains(where: { $0.name == plan.vantage }) { plan.vantage = view.failing }
            let (contact, then) = (view.contact(plan), now - connection.secondsBefore)
            if connection.isKnown != true {
                guards.recall(contact, at: then, killed: connection.wasKilled)
            } else if connection.wasKilled {
                guards.killed(contact, at: then)
            }
        }
    }

    /// Notes that of `source`, `lines` could not be read; nothing if that is none.
    public mutating func noteUnreadable(lines: Int, of source: String) {
        guard lines > 0 else { return }
        notes.append(
            Note(
                kind: "unreadable",
                says: lines == 1
                    ? "A line of \(source) could not be read and was passed over."
                    : "\(lines) lines of \(source) could not be read and were passed over.",
                arguments: ["\(lines)", source],
                findings: []
            )
        )
    }

    /// Notes that it was another set of hypotheses that chose the experiments.
    mutating func note(otherHypothesisSet version: String) {
        notes.append(
            Note(
                kind: "hypotheses",
                says:
                    "The records were made with another set of hypotheses (\(version)) than this program weighs (\(HypothesisSet.version)); the verdict may differ.",
                arguments: [version, HypothesisSet.version],
                findings: []
            )
        )
    }

    /// Notes that a vantage's clock is wrong. That is evidence about the vantage, and none about the suspect.
    /// - Parameter seconds: by how much it is ahead; its times were put right by that.
    public mutating func take(clockOffset seconds: Double, of vantage: String) {
        let amount = "\((abs(seconds).clamped(to: 0...1e12) * 10).rounded() / 10)"
        notes.append(
            Note(
                kind: "clock",
                says:
                    "The clock of the vantage \(vantage) is \(amount) s \(seconds < 0 ? "behind" : "ahead of") this host's; its times are told by this host's.",
                arguments: [vantage, amount, seconds < 0 ? "behind" : "ahead"],
                findings: []
            )
        )
    }

    /// Learns where `host` leads. What is declared as another place and leads where the suspect's host does is the suspect.
    public mutating func learn(_ host: String, leadsTo addresses: [IPAddress]) {
        view.learn(host, leadsTo: addresses)
    }

    /// Goes on after an interruption: the time in between counts as silence, and not against the budget.
    /// - Parameters:
    ///   - last: when something was done last, in seconds since the diagnosis began.
    ///   - now: seconds since it began.
    public mutating func goOn(from last: Double, at now: Double) {
        ends = max(ends, now + max(0, ends - last))
        secondsInterrupted += max(0, now - last)
        doneBeforeInterruption = done.count
        // Somebody may have put right what was in the way.
        cannotWatch = []
    }
}
