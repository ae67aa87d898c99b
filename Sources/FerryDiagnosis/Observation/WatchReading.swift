internal import FerryEvidence
internal import FerryResolver

/// What a watch elsewhere on the path shows of a connection.
struct WatchReading {
    let contact: Contact
    let record: ProbeRecord
    let outcome: ProbeOutcome
    let watch: WatchRecord
    let position: Site.Position
    /// Connections to the same host, just before and after, which the watch was told to look for, too.
    var controls: [ProbeRecord] = []

    /// Whether the connection passed there.
    private enum Passage {
        case seen(SeenFlow)
        case notSeen
        /// Connections passed, and nobody knows whether it is one of them: others' go to a suspect, too.
        case unknown
    }

    private var passage: Passage {
        if let found = passed(record) { return .seen(found.flow) }
        let opened = opened(at: record.plan.port)
        if opened.isEmpty { return .notSeen }
        let isNumbered =
            !numbers(record).isEmpty
            && opened.allSatisfy { $0.fromClient.openings.contains { $0.sequence != nil } }
        // What worked has passed in some form: somebody on the way has begun it anew. And where numbers are rewritten on the way,
        // ours may be any of them.
        return !isNumbered || outcome.worked || areNumbersRewritten ? .unknown : .notSeen
    }

    /// Whether a control that came through had another number when it passed.
    private var areNumbersRewritten: Bool {
        controls.contains { control in control.outcome.worked && passed(control)?.isByNumber == false }
    }

    private func opened(at port: UInt16) -> [SeenFlow] {
        watch.flows.filter { $0.serverPort == port && !$0.fromClient.openings.isEmpty }
    }

    private func numbers(_ record: ProbeRecord) -> Set<UInt32> {
        Set((record.handshake?.requests ?? []).compactMap(\.sequence))
    }

    /// A connection is known by the number that its request begins with, whatever has become of its addresses and ports; where that
    /// is not known, or was rewritten on the way, by the local port, which most translations keep.
    private func passed(_ record: ProbeRecord) -> (flow: SeenFlow, isByNumber: Bool)? {
        let opened = opened(at: record.plan.port)
        let numbers = numbers(record)
        let same = opened.first { flow in
            flow.fromClient.openings.contains { $0.sequence.map(numbers.contains) ?? false }
        }
        if let same { return (same, true) }
        let port = record.source.flatMap { IPEndpoint(parsing: $0) }?.port
        return port.flatMap { port in opened.first { $0.clientPort == port } }.map { ($0, numbers.isEmpty) }
    }

    /// The connection as it passed there; nil if it is not known to have.
    var flow: SeenFlow? {
        guard case .seen(let flow) = passage else { return nil }
        return flow
    }

    /// The address that it left by, as it was seen there.
    var translated: String? {
        guard [.sourceEgress, .carrier, .cloudEdge, .cloudNetwork, .service].contains(position) else { return nil }
        return flow?.client
    }

    /// The same with its port, if that is another one than the vantage itself has used.
    var translatedEndpoint: String? {
        guard let address = translated.flatMap({ IPAddress(parsing: $0) }), let port = flow?.clientPort else {
            return nil
        }
        let endpoint = "\(IPEndpoint(address, port: port))"
        return endpoint == record.source ? nil : endpoint
    }

    var findings: [Finding] {
        guard watch.vantageProblem == nil, record.vantageProblem == nil, outcome != .notSent else { return [] }
        let passage = passage
        if case .unknown = passage { return [] }
        let flow = flow
        // What is not in an incomplete list may have passed all the same.
        if flow == nil, watch.unreported != nil || watch.lost > 0 { return [] }
        var findings: [Finding] = [.requestSeen(contact, outcome, at: position, flow != nil)]
        guard let flow else { return findings }
        let answered = flow.fromServer.openings.contains { $0.flags.contains("S") && $0.flags.contains("A") }
        if outcome.isBeforeHandshake { findings.append(.answerSeen(contact, outcome, at: position, answered)) }
        if position == .service { findings += serverSide(flow, answered) }
        // One connection of which several addresses are seen.
        if contact.isBulk || !outcome.worked {
            let client = flow.client
            let others = watch.flows.filter {
                $0.serverPort == flow.serverPort && $0.clientPort == flow.clientPort && $0.client != client
            }
            // That another address of the site stays as it is says nothing of the one that fails.
            if !others.isEmpty || contact.source == .failing { findings.append(.addressChanges(!others.isEmpty)) }
        }
        return findings
    }

    private func serverSide(_ flow: SeenFlow, _ answered: Bool) -> [Finding] {
        guard record.closedBy == .peer, !outcome.worked else { return [] }
        let own = flow.fromServer.closings.first
        let client = flow.fromClient.closings.first
        let end: Finding.ServerEnd
        switch (own, client) {
        case (nil, _): end = .nothing
        case (let own?, let client?) where client.seconds <= own.seconds: end = .afterClient
        case (let own?, _): end = own.flags.contains("R") ? .reset : .close
        }
        return [.serverEnded(contact, outcome, end)]
    }
}
