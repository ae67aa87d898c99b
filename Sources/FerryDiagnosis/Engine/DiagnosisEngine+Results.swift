internal import FerryAddress
public import FerryEvidence

extension DiagnosisEngine {
    /// Notes that the connection in question of an experiment is about to be made. It counts, whatever comes of it.
    public mutating func begins(_ plan: ProbePlan, at now: Double) {
        let contact = view.contact(plan)
        silenceBefore = silence(contact, now)
        begunAt = now
        guards.begins(contact, at: now)
    }

    /// Takes what came of an experiment into account.
    public mutating func take(_ result: ExperimentResult, of experiment: Experiment, why: Reason, at now: Double) {
        // It was noted when it was about to be made; one that its vantage has refused, or whose name led nowhere, was not.
        if let record = result.probe, record.wasNeverMade { guards.takeBack(view.contact(record.plan)) }
        if experiment.kind == .confirmation { return take(confirmation: result, of: experiment, at: now) }
        var done = Done(
            experiment: experiment,
            why: why,
            result: result,
            outcome: nil,
            findings: [],
            isDiscarded: false,
            belief: []
        )
        noteUnwatched(result.watches)
        for control in [result.before, result.after].compactMap({ $0 }) where control.vantageProblem == nil {
            noteReference(control)
            noteEcho(control)
        }
        if let record = result.probe, record.vantageProblem == nil, var contact = experiment.contact {
            let controls = [result.before, result.after].compactMap { $0 }.filter { $0.vantageProblem == nil }
            for control in controls { learnWhereItLeads(control, at: now) }
            // That it was killed is counted below.
            learnWhereItLeads(record, countsKill: false, at: now)
            // What was chosen as another place may be the suspect.
            (contact.destination, contact.port) = (view.destination(record.plan.host), view.port(record.plan.port))
            done.experiment.contact = contact
            identify(&contact, by: record, controls, result.watches)
            done.isDiscarded = controls.count == 2 && controls[0].outcome.worked != controls[1].outcome.worked
            var scene = scene
            scene.silence = silenceBefore ?? silence(contact, now)
            silenceBefore = nil
            scene.hasRecovered = self.scene.hasRecovered && contact.source == .failing && contact.vantage == 0
            let reading = reading(of: record, contact)
            var outcome = reading.outcome
            done.outcome = outcome
            if contact.isBulk, outcome.worked, !reading.contact.isBulk {
                self.scene.takesLittle.insert(record.plan.place)
            }
            if contact.vantage == 0, contact.source == .failing, contact.rate == nil, !contact.isSmallSegmented,
                [.slowLossy, .slowShaped].contains(outcome), let goodput = reading.goodput
            {
                self.scene.limitedRate = min(self.scene.limitedRate ?? goodput, goodput)
            }
            noteReference(record)
            noteEcho(record)
            let names = nameFindings(record)
            done.findings += names
            if record.closedBy == .peer, !outcome.worked { guards.killed(contact, at: result.endedAt ?? now) }
            talked.insert(contact.source)
            if !done.isDiscarded {
                done.findings += reading.findings + controlFindings(controls, result)
                done.findings +=
                    OwnCaptureReading(
                        contact: contact,
                        record: record,
                        outcome: outcome,
                        controls: controls
                    ).findings
                for seen in watched(contact, record, outcome, result.watches, controls) {
                    done.findings += seen.findings
                    if let control = seen.overlooked { noteBlind(seen.watch.plan.vantage, to: control) }
                    if contact.source == .failing, let translated = seen.translated {
                        translatedAddresses.insert(translated)
                        learn(failing: translated)
                    }
                    // Whoever is asked to look knows the connection by the addresses that it came with.
                    if let endpoint = seen.translatedEndpoint { done.result.probe?.translatedSource = endpoint }
                }
            }
            if controls.count == 2 { done.findings.append(.controlsDisagree(done.isDiscarded)) }
            if let end = ForeignContentEnd(done, reading, tolerates: tolerantHosts) {
                done.findings = names + controlFindings(controls, result) + end.known
                leave(end, of: &done, in: scene)
                outcome = done.outcome ?? outcome
            }
            for finding in done.findings { belief.take(finding, in: scene) }
            for record in controls + [record] { noteEnd(record) }
            if ForeignContentEnd.showsTolerance(reading) { judgeLeftOpen(of: record.plan.host) }
            if contact.isSuspectKey, contact.source == .failing, contact.vantage == 0 {
                isBaselineKnown = true
                if let local = record.source.flatMap(IPEndpoint.init(parsing:)) {
                    localAddresses.insert("\(local.address)")
                    learn(failing: "\(local.address)")
                }
                if outcome != .notSent, !done.isLeftOpen {
                    if !outcome.worked, !done.isDiscarded { failedAt = begunAt ?? now }
                    bracket.add(from: begunAt ?? now, to: result.endedAt ?? now, worked: outcome.worked)
                }
                if outcome.worked, self.scene.lastFailure != nil || hasSeenFailure, contact.bytes == 0 {
                    self.scene.hasRecovered = true
                }
            }
        }
        let hosts = HostReading(
            view: view,
            suspectAddresses: suspectIsNamed ? ledTo[view.failing] ?? [] : [view.site.suspect.host],
            before: result.hostsBefore,
            after: result.hostsAfter
        )
        for finding in hosts.findings {
            if case .many(let hasMany) = finding {
                scene.hasManyConnections = hasMany
            } else if case .finding(let finding) = finding {
                belief.take(finding, in: scene)
                done.findings.append(finding)
            }
        }
        // What was waiting for this is told with it.
        judgeStandingEvidence()
        done.belief = Array(belief.shares(\.remedy).prefix(4)).map { ($0.key, $0.share) }
        self.done.append(done)
    }

    /// Learns where the host of a connection has led. What was taken for another place, and is the suspect, has been asked.
    private mutating func learnWhereItLeads(_ record: ProbeRecord, countsKill: Bool = true, at now: Double) {
        let before = view.contact(record.plan)
        view.learn(record.plan.host, leadsTo: Array(record.hostAddresses))
        let contact = view.contact(record.plan)
        guard contact.isSuspectKey, !before.isSuspectKey else { return }
        guards.discover(
            contact,
            at: begunAt ?? now,
            killed: countsKill && record.closedBy == .peer && !record.outcome.worked
        )
    }

    /// Whoever is declared to leave by another address, and was seen to leave by that of the failing source, is told by it.
    private mutating func identify(
        _ contact: inout Contact,
        by record: ProbeRecord,
        _ controls: [ProbeRecord],
        _ watches: [WatchRecord]
    ) {
        guard contact.position <= .sourceEgress else { return lookBeside(&contact, record) }
        guard contact.source != .failing else { return }
        // Private addresses of two hosts may be the same.
        let bound = record.source.flatMap(IPEndpoint.init(parsing:))?.address
        let local = bound.flatMap { record.plan.sourceAddress != nil || !$0.isPrivate ? "\($0)" : nil }
        let own = (controls + [record]).filter { $0.plan.sourceAddress == record.plan.sourceAddress }
        let echoed = own.compactMap { $0.translatedSource.flatMap(IPEndpoint.init(parsing:)) }.map { "\($0.address)" }
        let seen = watched(contact, record, record.outcome, watches, controls).compactMap(\.translated)
        let isFailing =
            local.map(localAddresses.contains) ?? false || !leavingAddresses.isDisjoint(with: echoed + seen)
        guard isFailing else { return }
        (contact.source, contact.leavesByItsOwnAddress) = (.failing, false)
        if let address = record.plan.sourceAddress { learn(failing: address) }
        for address in view.site.sourceAddresses where address.via == record.plan.vantage {
            learn(failing: address.address)
        }
    }

    /// Whoever is declared to be elsewhere, and has a private address beside the failing source's, may leave by the same one.
    private mutating func lookBeside(_ contact: inout Contact, _ record: ProbeRecord) {
        guard let address = record.source.flatMap(IPEndpoint.init(parsing:))?.address else { return }
        let declared = contact.source
        view.learn(address, of: record.plan.vantage)
        let seen = view.contact(record.plan)
        guard seen.source != declared else { return }
        guards.join(declared)
        (contact.source, contact.leavesByItsOwnAddress) = (seen.source, seen.leavesByItsOwnAddress)
    }

    /// Learns an address of the failing source. Who was declared to leave by another one because of it has shared its key.
    private mutating func learn(failing address: String) {
        let apart = view.sourcesApart
        view.learn(failing: address)
        for source in apart.subtracting(view.sourcesApart) { guards.join(source) }
    }

    /// What those saw who watched.
    private func watched(
        _ contact: Contact,
        _ record: ProbeRecord,
        _ outcome: ProbeOutcome,
        _ watches: [WatchRecord],
        _ controls: [ProbeRecord]
    ) -> [WatchReading] {
        watches.compactMap { watch in
            view.site.vantages.first { $0.name == watch.plan.vantage }.map { vantage in
                WatchReading(
                    contact: contact,
                    record: record,
                    outcome: outcome,
                    watch: watch,
                    position: vantage.position,
                    controls: controls.filter {
                        $0.plan.host == record.plan.host && watch.plan.ports.contains($0.plan.port)
                    }
                )
            }
        }
    }

    /// Counts `end` as the service's own answer, or leaves it open; either way the service takes no more of the kind.
    private mutating func leave(_ end: ForeignContentEnd, of done: inout Done, in scene: Scene) {
        if let plan = done.result.probe?.plan { self.scene.takesLittle.insert(plan.place) }
        if end.isOfService {
            done.outcome = .ok
        } else {
            (done.isDiscarded, done.isLeftOpen) = (true, true)
            leftOpen.append(LeftOpen(index: self.done.count, findings: end.open, scene: scene))
        }
    }

    /// That a host's service takes content that it does not understand tells that what had ended such content was something else.
    private mutating func judgeLeftOpen(of host: String) {
        guard tolerantHosts.insert(host).inserted else { return }
        for open in leftOpen where done[open.index].result.probe?.plan.host == host {
            for finding in open.findings { belief.take(finding, in: open.scene) }
            done[open.index].findings += open.findings
            (done[open.index].isDiscarded, done[open.index].isLeftOpen) = (false, false)
            if let plan = done[open.index].result.probe?.plan { scene.takesLittle.remove(plan.place) }
        }
        leftOpen.removeAll { !done[$0.index].isLeftOpen }
    }

    private var hasSeenFailure: Bool { done.contains { $0.outcome.map { !$0.worked } ?? false } }

    /// Where the suspect's name leads, as soon as it is known of the failing vantage and of another.
    private mutating func nameFindings(_ record: ProbeRecord) -> [Finding] {
        guard suspectIsNamed, CanonicalHost(record.plan.host) == CanonicalHost(view.site.suspect.host) else {
            return []
        }
        let isFailing = record.plan.vantage == view.failing
        if record.failure == ProbeRecord.nameNotFound {
            ledNowhere[record.plan.vantage, default: 0] += 1
            return isFailing ? [.name(.leadsNowhere)] : []
        }
        guard let led = record.destination.flatMap(IPEndpoint.init(parsing:)) else { return [] }
        ledTo[record.plan.vantage, default: []].insert("\(led.address)")
        let here = ledTo[view.failing] ?? []
        // Neighbours ask the same name servers.
        let away = Set(view.site.vantages.filter { $0.position > .sourceEgress }.map(\.name))
        let elsewhere = ledTo.filter { away.contains($0.key) }.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        guard !here.isEmpty, !elsewhere.isEmpty else { return [] }
        let leadsElsewhere = here.isDisjoint(with: elsewhere)
        view.learn(strays: leadsElsewhere ? here : [])
        return [.name(leadsElsewhere ? .leadsElsewhere : .leadsTheSameWay)]
    }

    /// Controls are connections, too.
    private func controlFindings(_ controls: [ProbeRecord], _ result: ExperimentResult) -> [Finding] {
        guard let control = controls.last else { return [] }
        var contact = view.contact(control.plan)
        contact.isFresh = false
        return [
            .outcome(
                contact,
                reading(of: control, contact).outcome
            )
        ]
    }

    /// Notes whether what is declared to work does.
    private mutating func noteEnd(_ record: ProbeRecord) {
        let contact = view.contact(record.plan)
        guard !contact.isSuspectKey, record.outcome != .notSent else { return }
        if record.outcome.worked {
            scene.workingEnds.insert(contact.end)
        } else if record.outcome.isBeforeHandshake || contact.bytes == 0, contact.concurrency == 1 {
            scene.failingEnds.insert(contact.end)
        }
    }

    /// Takes by which address the suspect's host sees the failing source, where a service there says so.
    private mutating func noteEcho(_ record: ProbeRecord) {
        let plan = record.plan
        guard plan.vantage == view.failing, plan.sourceAddress == nil, view.destination(plan.host) == .suspectHost,
            let seen = record.translatedSource.flatMap(IPEndpoint.init(parsing:))?.address,
            let host = record.destination.flatMap(IPEndpoint.init(parsing:))?.address
        else { return }
        // A proxy before the service is seen by the address that it has within the cloud.
        guard seen != host, !(seen.isPrivate || seen.isLocal) || host.isPrivate || host.isLocal else { return }
        echoedAddresses.insert("\(seen)")
        learn(failing: "\(seen)")
    }

    private func reading(of record: ProbeRecord, _ contact: Contact) -> ProbeReading {
        let key = referenceKey(record)
        return ProbeReading(
            contact: contact,
            record: record,
            reference: references[key],
            leastElsewhere: contact.destination == .suspectHost ? nil : leastReference(of: record.plan.vantage),
            hostTimeToLive: distances[key]
        )
    }

    /// The least round trip between a vantage and any host that it was compared with, as far as is known.
    private func leastReference(of vantage: String) -> Double? {
        references.filter { $0.key.hasPrefix("\(vantage) ") }.values.min()
    }

    /// Round trips and distances belong to a vantage and a host.
    private func referenceKey(_ record: ProbeRecord) -> String { "\(record.plan.vantage) \(record.plan.host)" }

    private mutating func noteReference(_ record: ProbeRecord) {
        guard record.outcome.worked, record.plan.port != view.site.suspect.port else { return }
        if let answer = record.handshake?.answers.last { distances[referenceKey(record)] = answer.timeToLive }
        let handshake =
            record.handshake?.roundTripSeconds ?? (record.outcome == .lateConnect ? nil : record.connectSeconds)
        guard let time = [handshake, record.tcp?.leastRoundTripSeconds].compactMap({ $0 }).min(), time > 0 else {
            return
        }
        let key = referenceKey(record)
        references[key] = min(references[key] ?? time, time)
    }
}
