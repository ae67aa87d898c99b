internal import FerryEvidence

/// What a limit of the rate lets pass, and what it does not: the move may go on below it.
struct RateLook {
    let done: [DiagnosisEngine.Done]

    /// By which parts of what came of the unpaced transfer it is tried, each once.
    private static let steps = [0.8, 0.5]
    /// Of bytes that are sent at each: some round trips and some filling of buckets.
    private static let bytes = 256 * 1024...1 << 20
    private static let seconds = 3.0
    /// Which part of the content has to arrive, and how much of the rate has to come of it, for it to have passed.
    private static let arrived = 0.98
    private static let kept = 0.9

    private struct Transfer {
        var plan: ProbePlan
        var isSuspectKey: Bool
        var outcome: ProbeOutcome
        var goodput: Double
        var share: Double
    }

    /// Transfers from where it fails to the suspect's host, along the way that is in question.
    private var transfers: [Transfer] {
        done.compactMap { done in
            guard let record = done.result.probe, let outcome = done.outcome, let contact = done.experiment.contact,
                !done.isDiscarded, contact.vantage == 0, contact.source == .failing, !contact.isSmallSegmented,
                contact.destination == .suspectHost, let bytes = record.plan.payload?.bytes, bytes > 0,
                let goodput = ProbeReading(contact: contact, record: record, reference: nil).goodput
            else { return nil }
            return Transfer(
                plan: record.plan,
                isSuspectKey: contact.isSuspectKey,
                outcome: outcome,
                goodput: goodput,
                share: Double(record.bytesAcknowledged ?? record.bytesSent) / Double(bytes)
            )
        }
    }

    /// The unpaced transfer that was slow, the slowest of several, to the suspect's own port if one was. One that has filled a
    /// queue may look well beside it.
    private var limited: Transfer? {
        var unpaced = transfers.filter { $0.plan.payload?.bitsPerSecond == nil }
        for isBetter in [{ $0.isSuspectKey }, { [.slowLossy, .slowShaped].contains($0.outcome) }]
            as [(Transfer) -> Bool]
        where unpaced.contains(where: isBetter) { unpaced = unpaced.filter(isBetter) }
        return unpaced.min { $0.goodput < $1.goodput }
    }

    private func isSameWay(_ plan: ProbePlan, _ other: ProbePlan) -> Bool {
        plan.vantage == other.vantage && plan.host == other.host && plan.port == other.port
    }

    /// The rates at which content was sent by the same way, whatever came of it.
    private func tried(_ limited: Transfer) -> [Double] {
        done.compactMap { done in
            guard let plan = done.experiment.probe, isSameWay(plan, limited.plan) else { return nil }
            return plan.payload?.bitsPerSecond
        }
    }

    private func passing(_ limited: Transfer) -> [Double] {
        transfers.compactMap { one in
            guard isSameWay(one.plan, limited.plan), let rate = one.plan.payload?.bitsPerSecond, one.outcome == .ok,
                one.share >= RateLook.arrived, one.goodput >= RateLook.kept * rate
            else { return nil }
            return rate
        }
    }

    /// What is to be tried next; nil if it is known what passes, or nothing was sent as fast as it goes.
    var next: ProbePlan? {
        guard let limited else { return nil }
        let rates = RateLook.steps.map { (limited.goodput * $0 / 1000).rounded(.down) * 1000 }
        let tried = tried(limited)
        // What passes far below tells little of how fast it may go.
        let isKnown = passing(limited).contains { $0 >= (rates.last ?? 0) * 0.99 }
        guard !isKnown,
            let rate = rates.first(where: { rate in rate > 0 && !tried.contains { abs($0 - rate) < rate / 50 } })
        else { return nil }
        var plan = limited.plan
        plan.payload?.bitsPerSecond = rate
        let bytes = Int(rate / 8 * RateLook.seconds).clamped(to: RateLook.bytes)
        plan.payload?.bytes = bytes
        plan.limitSeconds = Double(bytes) * 8 / rate * 2 + 4
        return plan
    }

    /// What was measured of it; nil if nothing was sent as fast as it goes.
    var measured: DiagnosisDocument.Rate? {
        guard let limited else { return nil }
        return DiagnosisDocument.Rate(
            unpacedBitsPerSecond: limited.goodput.rounded(),
            passesBitsPerSecond: passing(limited).max()
        )
    }
}

extension DiagnosisEngine {
    /// What was measured of a limit of the rate, if that is the verdict.
    func rate(for verdict: DiagnosisDocument.Verdict) -> DiagnosisDocument.Rate? {
        let isOfRate = verdict.mechanism == Mechanism.rate.rawValue || verdict.remedy == Remedy.reduceRate.rawValue
        return isOfRate ? RateLook(done: done).measured : nil
    }
}
