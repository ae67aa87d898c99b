internal import FerryAddress
public import FerryEvidence

/// The site in the terms of contacts: which connections a plan stands for.
public struct SiteView: Sendable {
    /// What the operator declares, without vantages that the tier does not grant.
    public var site: Site
    /// The privilege tier.
    public var tier: Int
    /// The local port of a connection that has failed; nil if not known.
    public var failingPort: UInt16?
    /// What the suspect's host is called: as it is declared, and whatever is known to lead to it.
    private(set) var suspectHosts: Set<CanonicalHost>
    /// Where names have led so far, and what of that is no address of the suspect, because elsewhere its name leads to others.
    private var led: [CanonicalHost: Set<CanonicalHost>] = [:]
    private var strays: Set<CanonicalHost> = []
    /// Addresses of the failing source, as it has them and as others see them.
    private(set) var failingAddresses: Set<CanonicalHost> = []

    /// Vantages that are declared to be elsewhere and have an address beside the failing source's, and that address.
    private(set) var besideFailing: [String: IPAddress] = [:]

    /// `site`, at `tier`.
    public init(_ site: Site, tier: Int) {
        self.tier = tier
        self.site = site
        suspectHosts = [CanonicalHost(site.suspect.host)]
        if tier < 2 { self.site.vantages.removeAll { [.cloudNetwork, .service].contains($0.position) } }
        let names = Set(self.site.vantages.map(\.name))
        self.site.sourceAddresses.removeAll { address in address.via.map { !names.contains($0) } ?? false }
    }

    /// Learns where `host` leads: whatever leads where the suspect's host does is the suspect's host.
    mutating func learn(_ host: String, leadsTo addresses: [IPAddress]) {
        let host = CanonicalHost(host)
        guard host.address == nil else { return }
        led[host, default: []].formUnion(addresses.map { CanonicalHost($0) })
        findSuspect()
    }

    /// Learns that `addresses`, and no others, are none of the suspect's, though its name has led there.
    mutating func learn(strays addresses: Set<String>) {
        strays = Set(addresses.map { CanonicalHost($0) })
        findSuspect()
    }

    /// Of another name that leads to one of the suspect's addresses only that one is the suspect's: many names lead to one host of
    /// many.
    private mutating func findSuspect() {
        let suspect = CanonicalHost(site.suspect.host)
        let own = Set([suspect]).union((led[suspect] ?? []).subtracting(strays))
        suspectHosts = own.union(led.filter { !$0.value.isDisjoint(with: own) }.keys)
    }

    /// Learns an address of the failing source.
    mutating func learn(failing address: String) { failingAddresses.insert(CanonicalHost(address)) }

    /// Learns that the vantage `name`, which is declared to be elsewhere, has `address`. Private addresses of one network are most
    /// often those of one site, and sometimes two sites have chosen the same.
    mutating func learn(_ address: IPAddress, of name: String) {
        guard failingAddresses.contains(where: { $0.address.map(address.isPrivateNeighbour(of:)) ?? false }) else {
            return
        }
        besideFailing[name] = address
    }

    /// Whether `address` is one by which the failing source leaves.
    func isFailing(_ address: String) -> Bool { failingAddresses.contains(CanonicalHost(address)) }

    /// The name of the vantage where it fails.
    public var failing: String { site.vantages.first?.name ?? "source" }

    /// The number of the vantage `name`.
    /// One that is not in the site, as in records of another one, is nobody's.
    func number(_ name: String) -> Int { site.vantages.firstIndex { $0.name == name } ?? SiteView.unknown }
    static let unknown = 99

    /// Vantages at `position`.
    func vantages(at position: Site.Position) -> [Site.Vantage] { site.vantages.filter { $0.position == position } }

    /// By which address a connection from `vantage` leaves.
    /// - Parameter bound: the address that it is bound to; nil for none.
    func source(_ vantage: Site.Vantage, bound: String?) -> Contact.SourceIdentity {
        let number = number(vantage.name)
        if number == 0 {
            guard let bound else { return .failing }
            return .declared(100 + (site.sourceAddresses.firstIndex { $0.address == bound } ?? 0))
        }
        return switch vantage.position {
        case .application, .sourceHost, .sourceLAN, .sourceFirewall: .declared(number)
        case .sourceEgress, .carrier: isDeclaredOther(vantage) ? .verified(number) : .declared(number)
        default: besideFailing[vantage.name] == nil ? .outside(number) : .declared(number)
        }
    }

    /// Whether `vantage` is declared to leave by an address that is none of the failing source's.
    private func isDeclaredOther(_ vantage: Site.Vantage) -> Bool {
        site.sourceAddresses.contains { $0.via == vantage.name && !isFailing($0.address) }
    }

    /// Whether a vantage that is declared to be elsewhere may leave by the failing source's address: it is beside it, or every
    /// address that it is declared to have is the failing one.
    private func sharesFailing(_ vantage: Site.Vantage) -> Bool {
        let declared = site.sourceAddresses.filter { $0.via == vantage.name }
        return besideFailing[vantage.name] != nil || !declared.isEmpty && declared.allSatisfy { isFailing($0.address) }
    }

    /// Who is declared to leave by another address than the failing source's, as far as nobody has seen otherwise.
    var sourcesApart: Set<Contact.SourceIdentity> {
        let bound = site.sourceAddresses.filter { $0.via == nil && !isFailing($0.address) }
        let vantages = site.vantages.dropFirst().filter(isDeclaredOther)
        return Set(
            site.vantages.prefix(1).flatMap { first in bound.map { source(first, bound: $0.address) } }
                + vantages.map { source($0, bound: nil) }
        )
    }

    /// Where `host` is.
    func destination(_ host: String) -> Contact.Destination {
        let asked = CanonicalHost(host)
        if suspectHosts.contains(asked) { return .suspectHost }
        for (number, other) in site.otherDestinations.enumerated() where CanonicalHost(other.host) == asked {
            switch other.relation {
            case .sameRegion: return .sameRegion(number)
            case .otherCloud: return .otherCloud(number)
            default: return .unrelated(number)
            }
        }
        return .unrelated(99)
    }

    /// Whether a log that has `destination`, as a name or an address, may speak of the suspect's host. Of a suspect that is called
    /// by name, every address may be meant that nobody else is declared to have.
    func isSuspectHost(_ destination: String) -> Bool {
        let told = CanonicalHost(destination)
        if suspectHosts.contains(told) { return true }
        guard IPAddress(parsing: site.suspect.host) == nil else { return false }
        let others = site.controls.map(\.host) + site.otherDestinations.map(\.host)
        return !others.contains { CanonicalHost($0) == told }
    }

    /// Which port it is.
    func port(_ port: UInt16) -> Contact.Port {
        if port == site.suspect.port { return .suspect }
        return site.alternatePorts.contains(port) ? .alternate(port) : .other(port)
    }

    /// The end at `port` of `host`.
    func end(_ host: String, _ port: UInt16) -> Contact.End {
        Contact.End(destination: destination(host), port: self.port(port))
    }

    /// The contact that `plan` makes.
    public func contact(_ plan: ProbePlan) -> Contact {
        let vantage =
            site.vantages.first { $0.name == plan.vantage }
            ?? Site.Vantage(name: plan.vantage, position: .otherPublic, reach: "")
        var contact = Contact(
            from: vantage.position,
            vantage: number(plan.vantage),
            by: source(vantage, bound: plan.sourceAddress),
            to: destination(plan.host),
            port: port(plan.port)
        )
        if let payload = plan.payload {
            // What the clients of another service say is none of the content that fails.
            let isOwn = plan.speaks == site.suspect.speaks
            contact.content =
                !isOwn ? .random : payload.kind == .real ? .real : payload.kind == .inverted ? .inverted : .random
            contact.bytes = payload.bytes
            contact.rate = payload.bitsPerSecond
            if let rate = payload.bitsPerSecond, rate > 0 { contact.ageSeconds = Double(payload.bytes) * 8 / rate }
        }
        // The edge of the failing source's network translates it to an address that is most often its own.
        contact.leavesByItsOwnAddress =
            plan.sourceAddress.map { !isFailing($0) }
            ?? (isDeclaredOther(vantage) || vantage.position > .sourceEgress && !sharesFailing(vantage))
        // Protocols in which the client speaks have content by themselves: that which fails, or another.
        if plan.payload == nil, plan.speaks != .tcp {
            contact.content = plan.speaks == site.suspect.speaks ? .real : .random
        }
        contact.idleSeconds = plan.idleSeconds ?? 0
        contact.ageSeconds = max(contact.ageSeconds, contact.idleSeconds)
        contact.concurrency = plan.concurrency ?? 1
        contact.repeatsFailingPort = plan.sourcePort != nil && plan.sourcePort == failingPort
        contact.isSmallSegmented = plan.options?.maximumSegment.map { $0 <= 1200 } ?? false
        return contact
    }
}
