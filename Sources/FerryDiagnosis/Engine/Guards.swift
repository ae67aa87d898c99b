internal import FerryEvidence

/// The hard rules: what may be done to a suspect, and when.
///
/// At most one connection a minute and four in ten minutes to a key (where from, which port); after a kill two minutes, and
/// twice as long after each further one, unless the site file has other numbers. The lab's time scale shrinks all of it.
public struct Guards: Sendable {
    /// A key that a block may be about.
    struct Key: Hashable, Sendable {
        var source: Contact.SourceIdentity
        var port: Contact.Port
        var destination: Contact.Destination

        /// The same of the failing source.
        var ofFailing: Key { Key(source: .failing, port: port, destination: destination) }
    }

    /// After so many kills the wait no longer grows.
    static let mostDoublings = 6

    private let limits: Site.Guards
    private let timeScale: Double
    private var connects: [Key: [Double]] = [:]
    private var kills: [Key: (count: Int, last: Double)] = [:]
    /// Connections to the suspect from the failing vantage, in all.
    private(set) var suspectConnects = 0

    init(_ limits: Site.Guards = Site.Guards(), timeScale: Double) {
        self.limits = limits.inRange
        self.timeScale = timeScale
    }

    /// Seconds until `contact` may be made; 0 for at once.
    func wait(for contact: Contact, now: Double) -> Double {
        guard isGuarded(contact) else { return 0 }
        let key = key(contact)
        let times = connects[key] ?? []
        var until = now
        if let last = times.last { until = max(until, last + Double(limits.secondsBetweenConnects) * timeScale) }
        let most = limits.connectsPerTenMinutes
        if times.count >= most { until = max(until, times[times.count - most] + 600 * timeScale) }
        if let kill = kills[key] {
            let longer = Double(1 << min(Guards.mostDoublings, kill.count - 1))
            until = max(until, kill.last + Double(limits.secondsAfterKill) * timeScale * longer)
        }
        // Whatever times it was told of, none keeps a suspect from being connected to for longer than the longest wait does.
        return min(until - now, limits.longestWait * timeScale)
    }

    /// Notes that `contact` is about to be made: whatever comes of it, the suspect will have seen it.
    mutating func begins(_ contact: Contact, at now: Double) {
        if isOfBudget(contact) { suspectConnects += max(1, min(1000, contact.concurrency)) }
        if isGuarded(contact) {
            let times = max(1, min(1000, contact.concurrency))
            connects[key(contact), default: []] += [Double](repeating: now, count: times)
        }
    }

    /// Takes back what was noted last of `contact`: it was not made.
    mutating func takeBack(_ contact: Contact) {
        let times = max(1, min(1000, contact.concurrency))
        if isOfBudget(contact) { suspectConnects -= min(suspectConnects, times) }
        guard isGuarded(contact) else { return }
        let key = key(contact)
        connects[key] = Array((connects[key] ?? []).dropLast(times))
    }

    /// Counts all that was noted of `source` as the failing source's: it leaves by the same address.
    mutating func join(_ source: Contact.SourceIdentity) {
        for (key, times) in connects where key.source == source {
            connects[key] = nil
            connects[key.ofFailing, default: []] += times
            connects[key.ofFailing]?.sort()
        }
        for (key, kill) in kills where key.source == source {
            kills[key] = nil
            let known = kills[key.ofFailing]
            kills[key.ofFailing] = ((known?.count ?? 0) + kill.count, max(known?.last ?? kill.last, kill.last))
        }
    }

    /// Whether it counts against the budget of connections to the suspect.
    private func isOfBudget(_ contact: Contact) -> Bool {
        contact.vantage == 0 && contact.isSuspectKey
    }

    /// Notes a connection of an earlier diagnosis: the suspect remembers it, this one's budget does not.
    mutating func recall(_ contact: Contact, at then: Double, killed: Bool) {
        guard isGuarded(contact) else { return }
        connects[key(contact), default: []].append(then)
        connects[key(contact)]?.sort()
        if killed { self.killed(contact, at: then) }
    }

    /// Notes a connection of this diagnosis that has turned out to be one to the suspect.
    mutating func discover(_ contact: Contact, at then: Double, killed: Bool) {
        if isOfBudget(contact) { suspectConnects += 1 }
        recall(contact, at: then, killed: killed)
    }

    /// Notes that a connection was killed.
    mutating func killed(_ contact: Contact, at now: Double) {
        guard isGuarded(contact) else { return }
        let known = kills[key(contact)]
        kills[key(contact)] = ((known?.count ?? 0) + 1, max(known?.last ?? now, now))
    }

    /// Seconds since the key was last touched; nil if it never was.
    func silence(of contact: Contact, now: Double) -> Double? { connects[key(contact)]?.last.map { now - $0 } }

    /// Controls and other hosts are no suspects.
    private func isGuarded(_ contact: Contact) -> Bool {
        guard contact.destination == .suspectHost else { return contact.port == .suspect }
        if case .other = contact.port { return false }
        return true
    }

    private func key(_ contact: Contact) -> Key {
        // Whoever is not declared, or seen, to leave by another address leaves by the failing one.
        Key(
            source: contact.leavesByItsOwnAddress ? contact.source : .failing,
            port: contact.port,
            destination: contact.destination
        )
    }
}
