internal import FerryCore

/// What a careful network engineer tries by hand, with telnet and a stopwatch, always the same: every vantage and every
/// destination once, one factor changed at a time, and what fails a few times more.
struct FixedBattery {
    /// What came of it. Nil stands for what the site does not offer.
    struct Findings {
        /// Source to control port, before and between the suspect's.
        var control: [PlainProbe.Result] = []
        /// Source to suspect.
        var suspect: [PlainProbe.Result] = []
        /// Source to another port of the same service.
        var alternate: PlainProbe.Result?
        /// Source to other destinations, by relation.
        var others: [String: PlainProbe.Result] = [:]
        /// Another machine of the source's network to suspect.
        var neighbour: PlainProbe.Result?
        /// The customer's outermost device to suspect.
        var edge: PlainProbe.Result?
        /// Somewhere else on the Internet to suspect.
        var elsewhere: PlainProbe.Result?
        /// Inside the cloud to suspect.
        var inRegion: PlainProbe.Result?
        /// The staging server to an unrelated destination.
        var outward: PlainProbe.Result?
        /// Another source address to suspect.
        var otherAddress: PlainProbe.Result?
        /// Source to suspect a few times at once, after a silence: what counts lets some pass.
        var afterSilence: [PlainProbe.Result] = []
        /// Source to suspect with some hundred kilobytes.
        var large: PlainProbe.Result?
        /// The same with other content.
        var otherContent: PlainProbe.Result?
        /// The same with small pieces, slowly.
        var paced: PlainProbe.Result?
        /// Fewer bytes.
        var small: PlainProbe.Result?
        /// Source to the alternate port with some hundred kilobytes.
        var largeToAlternate: PlainProbe.Result?
    }

    /// How long nothing is tried before the suspect is tried once more.
    static let silence = Duration.seconds(14)

    let prober: Prober
    let allow: [Grants.Permission]
    let wait: (Duration) -> Void

    func run() throws(FerryError) -> Findings {
        let site = prober.site
        var found = Findings()
        // Control, suspect, control, suspect, suspect: if both change at once, it was not the port.
        for isSuspect in [false, true, false, true, true] {
            if isSuspect {
                found.suspect.append(try prober.ask(site.suspect))
            } else if let control = site.controls.first {
                found.control.append(try prober.ask(control))
            }
        }
        found.alternate = try prober.ask(prober.source, alternate)
        for other in site.otherDestinations { found.others[other.relation ?? ""] = try prober.ask(other) }
        found.neighbour = try prober.ask(prober.vantage(at: "source-host"), site.suspect)
        found.edge = try prober.ask(prober.vantage(at: "source-egress"), site.suspect)
        found.elsewhere = try prober.ask(prober.vantage(at: "other-public"), site.suspect)
        found.inRegion = try prober.ask(prober.vantage(at: "cloud-network"), site.suspect)
        let unrelated = site.otherDestinations.first { $0.relation == "unrelated" }
        found.outward = try prober.ask(prober.vantage(at: "service"), unrelated)
        if allow.contains(.sourceAddressSwap) {
            found.otherAddress = try prober.ask(site.sourceAddresses.first { $0.via != nil }?.via, site.suspect)
        }
        if found.suspect.allSatisfy({ $0.outcome == .ok }) {
            try transfer(&found)
        } else if allow.contains(.silence) {
            wait(FixedBattery.silence)
            prober.note(wait: FixedBattery.silence)
            for _ in 0..<3 { found.afterSilence.append(try prober.ask(site.suspect)) }
        }
        return found
    }

    /// What moves is looked at only where a connection stands; each question is asked only if the one before leaves it.
    private func transfer(_ found: inout Findings) throws(FerryError) {
        let suspect = prober.site.suspect
        found.large = try prober.ask(suspect) { $0.bytes = 512 << 10 }
        guard found.large?.outcome != .ok else { return }
        found.otherContent = try prober.ask(suspect) {
            $0.bytes = 512 << 10
            $0.content = .inverted
        }
        guard found.otherContent?.outcome != .ok else { return }
        found.paced = try prober.ask(suspect) {
            $0.bytes = 48 << 10
            $0.isPaced = true
        }
        found.small = try prober.ask(suspect) { $0.bytes = 48 << 10 }
        found.largeToAlternate = try prober.ask(prober.source, alternate) { $0.bytes = 512 << 10 }
    }

    private var alternate: Topology.Site.Endpoint? {
        prober.site.alternatePorts.first.map { port in
            var endpoint = prober.site.suspect
            endpoint.port = port
            return endpoint
        }
    }
}
