internal import FerryAddress
internal import FerryEvidence

/// What hosts tell of themselves, as findings.
struct HostReading {
    enum Told {
        /// Whether many connections to the suspect stand at the failing vantage.
        case many(Bool)
        case finding(Finding)
    }

    let view: SiteView
    /// The suspect's addresses, as they are written in the site file, or as its name has led to from where it fails.
    let suspectAddresses: Set<String>
    let before: [HostRecord]
    let after: [HostRecord]

    var findings: [Told] {
        (before + after).enumerated().flatMap { index, record -> [Told] in
            guard record.vantageProblem == nil,
                let vantage = view.site.vantages.first(where: { $0.name == record.plan.vantage })
            else { return [] }
            if vantage.name == view.failing { return index == 0 || before.isEmpty ? source(record) : [] }
            return vantage.position == .service ? service(record, isFirst: index < before.count) : []
        }
    }

    private func source(_ record: HostRecord) -> [Told] {
        let suspect = view.site.suspect.place
        var told: [Told] = []
        if let peer = record.peers.first(where: { $0.name == suspect }) {
            told.append(.many((peer.states["1"] ?? 0) >= LikelihoodTable.Concurrency.manyCount))
            if let range = record.settings["net.ipv4.ip_local_port_range"] {
                let ends = range.split(whereSeparator: { $0 == "\t" || $0 == " " }).compactMap { UInt16($0) }
                    .map { Int($0) }
                if ends.count == 2, ends[0] <= ends[1] {
                    told.append(.finding(.portsAreExhausted(peer.localPorts >= ends[1] - ends[0] + 1)))
                }
            }
        }
        if let ecn = record.settings["net.ipv4.tcp_ecn"] { told.append(.finding(.offersECN(ecn == "1" || ecn == "3"))) }
        return told
    }

    private func service(_ record: HostRecord, isFirst: Bool) -> [Told] {
        var told: [Told] = []
        if let listener = record.listeners.first(where: { $0.port == view.site.suspect.port }) {
            told.append(.finding(.listens(listener.listens)))
            if listener.listens {
                let isFull = listener.waiting.map { waiting in
                    waiting > 0 && listener.mostWaiting.map { waiting > $0 } ?? (waiting > 1)
                }
                told.append(.finding(.queueOverflows((isFull ?? false) || overflowed)))
                if let unread = listener.receiveQueue { told.append(.finding(.leavesUnread(unread > 65536))) }
            }
        }
        if let owns = ownsSuspectAddress(record.addresses) { told.append(.finding(.ownsSuspectAddress(owns))) }
        let routed = record.peers.filter { !$0.name.isEmpty }
        if !routed.isEmpty { told.append(.finding(.hasRouteBack(routed.allSatisfy { $0.routeError == 0 }))) }
        return told
    }

    /// Whether one of `own` addresses is the suspect's; nil if that cannot be told: clouds translate public addresses to private
    /// ones, so that a server does not know its own.
    private func ownsSuspectAddress(_ own: [String]) -> Bool? {
        guard !suspectAddresses.isEmpty else { return nil }
        let suspects = suspectAddresses.compactMap { IPAddress(parsing: $0) }
        let known = own.compactMap { IPAddress(parsing: $0) }
        if suspects.contains(where: known.contains) { return true }
        let isHidden = suspects.contains { suspect in
            let alike = known.filter { !$0.isLocal && $0.isIPv6 == suspect.isIPv6 }
            return !suspect.isPrivate && alike.allSatisfy(\.isPrivate)
        }
        return isHidden ? nil : false
    }

    /// Whether the kernel turned connections away between the two looks.
    private var overflowed: Bool {
        func count(_ records: [HostRecord]) -> Int? {
            records.first { record in
                view.site.vantages.contains { $0.name == record.plan.vantage && $0.position == .service }
            }?
            .counters["TcpExt.ListenDrops"]
        }
        guard let first = count(before), let last = count(after) else { return false }
        return last > first
    }
}
