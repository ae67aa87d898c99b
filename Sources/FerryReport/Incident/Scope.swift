internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What works and what does not: probes added up by where they were made and where to.
struct Scope {
    struct Row: Equatable {
        var vantage: String
        var position: Site.Position
        /// The address that was left by, as far as known.
        var source: String?
        var host: String
        var port: UInt16
        /// How the destination is called, or what it is.
        var destination: Destination
        /// What the probes came to, with how many did, in the order of the first.
        var outcomes: [(outcome: ProbeOutcome, count: Int)] = []
        /// When the last of them began.
        var last: UTCTime?

        var count: Int { outcomes.reduce(0) { $0 + $1.count } }
        var worked: Int { outcomes.filter(\.outcome.worked).reduce(0) { $0 + $1.count } }

        static func == (left: Row, right: Row) -> Bool {
            left.key == right.key && left.outcomes.elementsEqual(right.outcomes) { $0 == $1 }
        }

        var key: [String] { [vantage, source ?? "", host, "\(port)"] }
    }

    enum Destination: Equatable {
        case suspect
        case control
        case alternatePort
        case other(name: String?, Site.Relation?)
    }

    var rows: [Row] = []

    init(_ incident: Incident) {
        let site = incident.site
        let probes = incident.probes
        let leaving = LeavingAddresses(probes)
        for probe in probes where probe.vantageProblem == nil {
            let plan = probe.plan
            let vantage = site?.vantages.first { $0.name == plan.vantage }
            var row = Row(
                vantage: plan.vantage,
                position: vantage?.position ?? .sourceHost,
                source: Scope.source(of: probe, site, leaving),
                host: plan.host,
                port: plan.port,
                destination: Scope.destination(of: plan, site)
            )
            if let known = rows.firstIndex(where: { $0.key == row.key }) {
                row = rows.remove(at: known)
                row.add(probe)
                rows.insert(row, at: known)
            } else {
                row.add(probe)
                rows.append(row)
            }
        }
    }

    private static func source(of probe: ProbeRecord, _ site: Site?, _ leaving: LeavingAddresses) -> String? {
        let declared = site?.sourceAddresses.first { $0.via == probe.plan.vantage }?.address
        let own = probe.source.map { LaneEvent.parts(of: $0).host }
        return leaving.address(of: probe) ?? probe.plan.sourceAddress ?? declared ?? own
    }

    private static func destination(of plan: ProbePlan, _ site: Site?) -> Destination {
        guard let site else { return .other(name: nil, nil) }
        if site.suspect.isAt(plan.host, plan.port) { return .suspect }
        if site.controls.contains(where: { $0.isAt(plan.host, plan.port) }) { return .control }
        let host = CanonicalHost(plan.host)
        if host == site.suspect.canonicalHost { return .alternatePort }
        let other =
            site.otherDestinations.first { $0.isAt(plan.host, plan.port) }
            ?? site.otherDestinations.first { $0.canonicalHost == host }
        return .other(name: other?.name, other?.relation)
    }
}

extension Scope.Row {
    fileprivate mutating func add(_ probe: ProbeRecord) {
        let outcome = probe.outcome
        last = [last, UTCTime(parsing: probe.startedAt)].compactMap(\.self).max()
        if let index = outcomes.firstIndex(where: { $0.outcome == outcome }) {
            outcomes[index].count += 1
        } else {
            outcomes.append((outcome, 1))
        }
    }
}
