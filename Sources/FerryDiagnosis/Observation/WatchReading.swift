internal import FerryAddress
internal import FerryEvidence

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
        let found = found(record)
        if case .byNumber(let flow) = found {
            guard let hasLeft = hasLeft(flow) else { return .unknown }
            return hasLeft ? .seen(flow) : .notSeen
        }
        // Where there is no number to compare, or a control shows that it is another one here, the port has to do.
        if case .byPort(let flow, let isStrange) = found, !isStrange || areNumbersRewritten { return .seen(flow) }
        if isBlind || !isWatched(record) { return .unknown }
        let opened = opened(of: record)
        if opened.isEmpty { return .notSeen }
        let isNumbered = !numbers(record).isEmpty && opened.allSatisfy { $0.opening != nil }
        // What worked has passed in some form: somebody on the way has begun it anew. And where numbers are rewritten on the way,
        // ours may be any of them.
        if !isNumbered || outcome.worked || areNumbersRewritten { return .unknown }
        // By our port, and with another number: a stranger's by chance, unless somebody rewrites numbers of whom no control tells.
        if case .byPort = found, !areNumbersKept { return .unknown }
        return .notSeen
    }

    /// Whether a control came through that the watch has not seen: what it does not see proves nothing then. It may watch one of
    /// several hosts, or a device that such connections do not pass.
    private var isBlind: Bool {
        controls.contains { control in
            guard control.outcome.worked, isWatched(control), case .nowhere = found(control) else { return false }
            // One of which neither number nor port is known may be any of those that passed.
            let isRecognisable = !numbers(control).isEmpty || localPort(control) != nil
            return isRecognisable || opened(of: control).isEmpty
        }
    }

    /// A control that came through though nothing at all was seen at its port; nil if there is none.
    var overlooked: ProbeRecord? {
        guard watch.vantageProblem == nil, watch.unreported == nil, watch.lost == 0, flow == nil else { return nil }
        return controls.first { $0.outcome.worked && isWatched($0) && opened(of: $0).isEmpty }
    }

    /// Whether a control that came through had another number when it passed.
    private var areNumbersRewritten: Bool {
        controls.contains { control in
            guard control.outcome.worked, case .byPort(_, isStrange: true) = found(control) else { return false }
            return true
        }
    }

    /// Whether one had the number that it was sent with.
    private var areNumbersKept: Bool {
        controls.contains { control in
            guard control.outcome.worked, case .byNumber = found(control) else { return false }
            return true
        }
    }

    private func opened(at port: UInt16) -> [SeenFlow] {
        watch.flows.filter { $0.serverPort == port && !$0.fromClient.openings.isEmpty }
    }

    /// Those of them that went where `record` did. What arrives at the service has another address there in most clouds.
    private func opened(of record: ProbeRecord) -> [SeenFlow] {
        let opened = opened(at: record.plan.port)
        guard position != .service, let address = destination(record) else { return opened }
        return opened.filter { IPAddress(parsing: $0.server) == address }
    }

    private func destination(_ record: ProbeRecord) -> IPAddress? {
        record.destination.flatMap { IPEndpoint(parsing: $0) }?.address
    }

    /// Whether `record` went to the address that the watch was of: a name may lead to another one each time.
    private func isWatched(_ record: ProbeRecord) -> Bool {
        guard let watched = IPAddress(parsing: watch.plan.host), let asked = destination(record) else { return true }
        return asked == watched
    }

    private func numbers(_ record: ProbeRecord) -> Set<UInt32> {
        Set((record.handshake?.requests ?? []).compactMap(\.sequence))
    }

    /// How a connection is known among those that passed.
    private enum Found {
        /// By the number that its request begins with, whatever has become of its addresses and ports.
        case byNumber(SeenFlow)
        /// By the local port, which most translations keep; strange if both have numbers, and other ones.
        case byPort(SeenFlow, isStrange: Bool)
        case nowhere
    }

    private func found(_ record: ProbeRecord) -> Found {
        let opened = opened(at: record.plan.port)
        let numbers = numbers(record)
        let same = opened.first { flow in
            flow.fromClient.openings.contains { $0.sequence.map(numbers.contains) ?? false }
        }
        if let same { return .byNumber(same) }
        guard let port = localPort(record), let flow = self.opened(of: record).first(where: { $0.clientPort == port })
        else { return .nowhere }
        return .byPort(flow, isStrange: !numbers.isEmpty && flow.opening != nil)
    }

    private func localPort(_ record: ProbeRecord) -> UInt16? {
        record.source.flatMap { IPEndpoint(parsing: $0) }?.port
    }

    /// The connection as it passed there; nil if it is not known to have.
    var flow: SeenFlow? {
        guard case .seen(let flow) = passage else { return nil }
        return flow
    }

    /// The address that it left by, as it was seen there.
    var translated: String? {
        guard [.sourceEgress, .carrier, .cloudEdge, .cloudNetwork, .service].contains(position) else { return nil }
        // A vantage's word, which reaches tickets.
        guard let client = outerSide.flatMap({ IPAddress(parsing: $0.client) }) else { return nil }
        // A balancer before the service is seen by the address that it has within the cloud, and who translates himself has seen it
        // as it came.
        if client.isPrivate || client.isLocal, let asked = destination(record) {
            guard asked.isPrivate || asked.isLocal else { return nil }
        }
        return "\(client)"
    }

    /// Who watches and translates sees a connection twice: as it came, and as it leaves.
    private var outerSide: SeenFlow? {
        flow.map { outerCopy(of: $0, record) ?? $0 }
    }

    /// The side of `inner`, a connection as `record` has made it, that leaves.
    private func outerCopy(of inner: SeenFlow, _ record: ProbeRecord) -> SeenFlow? {
        let own = record.source.flatMap { IPEndpoint(parsing: $0) }?.address
        guard let number = inner.opening, IPAddress(parsing: inner.client) == own else { return nil }
        return opened(at: record.plan.port).first { $0.opening == number && IPAddress(parsing: $0.client) != own }
    }

    /// Whether it has left where it was seen to come, which is another matter at an edge that translates; nil if nothing shows
    /// whether that one does.
    private func hasLeft(_ flow: SeenFlow) -> Bool? {
        let own = record.source.flatMap { IPEndpoint(parsing: $0) }?.address
        guard position == .sourceEgress, !outcome.worked, IPAddress(parsing: flow.client) == own,
            outerCopy(of: flow, record) == nil
        else { return true }
        for control in controls where control.outcome.worked {
            if case .byNumber(let other) = found(control) { return outerCopy(of: other, control) == nil }
        }
        // A private address has to be translated somewhere before the Internet.
        let isTranslated = (own?.isPrivate ?? false) && !(destination(record)?.isPrivate ?? true)
        return isTranslated ? nil : true
    }

    /// The same with its port, if that is another one than the vantage itself has used.
    var translatedEndpoint: String? {
        guard let address = translated.flatMap({ IPAddress(parsing: $0) }), let port = outerSide?.clientPort else {
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
            let changes = changesAddress(flow)
            // That another address of the site stays as it is says nothing of the one that fails.
            if let changes, changes || contact.source == .failing { findings.append(.addressChanges(changes)) }
        }
        return findings
    }

    /// Whether packets of the connection came from another address, too; nil if it cannot be told whose those from there are.
    private func changesAddress(_ flow: SeenFlow) -> Bool? {
        let others = watch.flows.filter {
            $0.serverPort == flow.serverPort && $0.clientPort == flow.clientPort && $0.client != flow.client
        }
        let belong = others.map { belongs($0, to: flow) }
        if belong.contains(where: { $0 == true }) { return true }
        return belong.contains { $0 == nil } ? nil : false
    }

    /// Both sides of a translation by the host that watches pass it within so many seconds; who asks again waits longer.
    private static let moment = 0.2
    /// How far beyond what was sent a number may be, for what ends a connection.
    private static let slack = 1 << 16

    /// Whether packets from another address are of the connection `flow`: two clients may have the same port by chance.
    private func belongs(_ other: SeenFlow, to flow: SeenFlow) -> Bool? {
        guard let number = flow.opening else { return nil }
        let openings = other.fromClient.openings
        if openings.contains(where: { $0.sequence == number }) {
            return openings.contains { opening in
                opening.sequence == number
                    && !flow.fromClient.openings.contains { abs($0.seconds - opening.seconds) < Self.moment }
            }
        }
        if other.opening != nil { return false }
        guard let first = other.fromClient.firstSequence else { return other.fromClient.packets > 0 ? nil : false }
        let sent = Int(UInt32(clamping: max(record.bytesSent, flow.fromClient.reached ?? 0)))
        return Int(first &- number) <= sent + Self.slack
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

extension SeenFlow {
    /// The number that it begins with; nil if that was not seen.
    fileprivate var opening: UInt32? { fromClient.openings.lazy.compactMap(\.sequence).first }
}
