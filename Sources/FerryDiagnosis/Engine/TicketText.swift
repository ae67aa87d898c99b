internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What is pasted into a ticket: what fails, since when, what was seen, and what is asked for.
struct TicketText {
    let engine: DiagnosisEngine
    let verdict: DiagnosisDocument.Verdict
    let at: UTCTime

    /// Nil where nobody has to do anything.
    var ticket: DiagnosisDocument.Ticket? {
        let owner = verdict.remedyOwner ?? Remedy.collectMoreEvidence.owner
        // Nobody can be asked to mend what nobody has seen fail, nor what is mended.
        if verdict.level == .confirmed || engine.hasSeenNothing { return nil }
        guard owner != Remedy.none.owner else { return nil }
        var ticket = DiagnosisDocument.Ticket(to: owner, text: text)
        ticket.failedHosts = failedHosts
        ticket.hidesSource = hidesSource ? true : nil
        ticket.harmsNothing = engine.hasHarmedNothing ? true : nil
        ticket.worksAgain = engine.worksAgain && !engine.hasHarmedNothing ? true : nil
        ticket.lacksService = lacksService ? true : nil
        return ticket
    }

    /// The addresses that the failing connections leave by: as they were seen outside, else as is declared, else as the source
    /// has them.
    private var sources: [String] {
        if !engine.leavingAddresses.isEmpty { return engine.leavingAddresses.sorted() }
        let declared = engine.view.site.sourceAddresses.filter { $0.via == engine.view.failing }.map(\.address)
        if !declared.isEmpty { return declared }
        let own = engine.done.compactMap { done -> String? in
            guard let record = done.result.probe, record.plan.vantage == engine.view.failing,
                record.plan.sourceAddress == nil, let source = record.source
            else { return nil }
            return IPEndpoint(parsing: source).map { "\($0.address)" }
        }
        return Set(own).sorted()
    }

    /// Whether the staging server says so, and the verdict does not.
    private var lacksService: Bool {
        guard verdict.remedy != Remedy.startService.rawValue else { return false }
        let told = engine.done.flatMap(\.findings).last { if case .listens = $0 { true } else { false } }
        return told == .listens(false)
    }

    /// Whether whoever is asked never sees the addresses that are known of the source. Within the site its own addresses are what
    /// rules are about.
    private var hidesSource: Bool {
        guard ["cloud", "carrier", "staging-owner"].contains(verdict.remedyOwner ?? ""), !sources.isEmpty else {
            return false
        }
        let isPublic = engine.view.suspectHosts.contains { $0.address.map { !$0.isPrivate && !$0.isLocal } ?? false }
        return isPublic && sources.allSatisfy { IPAddress(parsing: $0)?.isPrivate ?? false }
    }

    /// The source in words.
    private var from: String {
        guard !sources.isEmpty else { return engine.view.failing }
        let own = sources.joined(separator: ", ")
        return hidesSource ? "[the public address that \(own) leaves by: fill it in, it was not seen]" : own
    }

    /// Where a block acts on, which is no less than its selector says: nil for the suspect alone.
    private var failedHosts: [String]? {
        guard verdict.remedy == Remedy.askCloudToAllowlist.rawValue, verdict.level != .indistinguishable,
            !verdict.selector.contains("destination-address")
        else { return nil }
        var failed = [engine.view.site.suspect.host]
        for done in engine.done {
            guard let contact = done.experiment.contact, contact.vantage == 0, !done.isDiscarded,
                contact.source == .failing, done.outcome.map({ !$0.worked && $0 != .notSent }) ?? false,
                let host = done.result.probe?.plan.host, contact.port == .suspect, !failed.contains(host),
                case .sameRegion = contact.destination
            else { continue }
            failed.append(host)
        }
        return failed.count > 1 ? failed : nil
    }

    /// The same in words.
    private var destination: String {
        let suspect = engine.view.site.suspect
        guard let hosts = failedHosts?.joined(separator: ", ") else { return suspect.place }
        let port = verdict.selector.contains("destination-port") ? "port \(suspect.port) of " : ""
        return "\(port)all addresses (it failed at \(hosts))"
    }

    private var text: String {
        let suspect = engine.view.site.suspect
        var lines: [String] = []
        // The mechanism of a set is its first member's, and no fact.
        let isSlow =
            verdict.level != .indistinguishable
            && [Mechanism.rate, .loss, .delay].map(\.rawValue).contains(verdict.mechanism)
        let tense =
            engine.hasHarmedNothing
            ? "work; what is told here has harmed none that was tried"
            : engine.worksAgain ? "failed, and the last one that was tried works" : "fail"
        lines.append(
            "Connections from \(from) to \(suspect.host) port \(suspect.port)/tcp \(isSlow ? "are slow or lossy" : tense)."
        )
        lines.append("")
        lines.append(
            "Finding (\(verdict.level.rawValue), \(Int((verdict.confidence * 100).rounded())) %): \(verdict.causes.joined(separator: verdict.level == .indistinguishable ? " or " : " and "))"
        )
        if !verdict.loci.isEmpty { lines.append("Where: \(verdict.loci.joined(separator: ", "))") }
        if let speaker = engine.speaker { lines.append("Where it spoke: \(speaker.sentence)") }
        if !verdict.selector.isEmpty { lines.append("Which packets: \(verdict.selector.joined(separator: ", "))") }
        let request = Remedy(rawValue: verdict.remedy)?.request(from: from, to: destination)
        if verdict.level == .indistinguishable {
            let separators = engine.separators(of: verdict)
            lines.append("These cannot be told apart by what was granted. What would part them: \(separators).")
            let others = otherOwners
            if !others.isEmpty { lines.append("Until they are, it may also be for \(others.joined(separator: ", ")).") }
            if let request,
                ["cloud", "carrier", "customer-network", "staging-owner"].contains(verdict.remedyOwner ?? "")
            {
                let cause = verdict.causes.first ?? ""
                lines.append(
                    "Asked for: please see in your own records and counters of that time whether it is \(cause). If it is (\(verdict.remedy)): \(request)"
                )
            }
        } else if let request {
            lines.append("Asked for (\(verdict.remedy)): \(request)")
        }
        if lacksService {
            lines.append(
                "Beside this: on the staging server nothing listens at port \(suspect.port). The service has to be started, too."
            )
        }
        if let rate = engine.rate(for: verdict) { lines.append("Measured: \(rate.sentence)") }
        if !proof.isEmpty { lines += ["", "What shows it:"] + proof.map { "  " + $0 } }
        let connections = TicketConnections(engine)
        if !connections.failed.isEmpty {
            lines +=
                ["", "Connections that failed, or were slow or late (times in UTC):"]
                + connections.failed.map { "  " + $0 }
        }
        if !connections.worked.isEmpty {
            lines += ["", "Connections that worked at the same time:"] + connections.worked.map { "  " + $0 }
        }
        // Of what vantages and services have said nothing begins a line of its own.
        return lines.map { VisibleText.of($0) }.joined(separator: "\n")
    }

    /// What speaks for the verdict and against most of what it might be else, in as few sentences as a stranger reads.
    private var proof: [String] {
        let telling = engine.evidence.filter { !$0.against.isEmpty && !Set($0.for).isDisjoint(with: verdict.causes) }
        let sorted = telling.enumerated().sorted { left, right in
            // Nobody doubts what stands in its own records.
            func rank(_ one: (offset: Int, element: DiagnosisDocument.Evidence)) -> (Int, Int, Int) {
                (one.element.kind == "provider-record" ? 0 : 1, -one.element.against.count, one.offset)
            }
            return rank(left) < rank(right)
        }
        var says: [String] = []
        for one in sorted where !says.contains(one.element.says) { says.append(one.element.says) }
        return Array(says.prefix(6))
    }

    /// Who would have to act by the other causes of a set.
    private var otherOwners: [String] {
        let members = verdict.causes.compactMap(Cause.init(rawValue:)).compactMap { cause in
            engine.belief.likeliest { $0.cause == cause && $0.second == nil }
        }
        return Set(members.filter { $0.remedy != .none }.map { $0.remedy.owner(at: $0.locus) }).subtracting([
            verdict.remedyOwner ?? ""
        ]).sorted()
    }
}
