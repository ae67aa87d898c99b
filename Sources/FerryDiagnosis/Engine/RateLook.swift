internal import FerryEvidence

/// What a limit of the rate lets pass, and what it does not: the move may go on below it.
struct RateLook {
    let view: SiteView
    let done: [DiagnosisEngine.Done]

    /// By which parts of what came of the unpaced transfer it is tried.
    private static let steps = [0.8, 0.5]
    /// Of bytes that are sent at each: some round trips and some filling of buckets.
    private static let bytes = 256 * 1024...1 << 20
    private static let seconds = 3.0

    /// The unpaced transfer that was slow, the slowest of several. One that has filled a queue may look well beside it.
    private var limited: (plan: ProbePlan, goodput: Double)? {
        let unpaced = transfers.filter { $0.plan.payload?.bitsPerSecond == nil }
        let slow = unpaced.filter { [.slowLossy, .slowShaped].contains($0.outcome) }
        return (slow.isEmpty ? unpaced : slow).map { ($0.plan, $0.goodput) }.min { $0.1 < $1.1 }
    }

    private var transfers: [(plan: ProbePlan, outcome: ProbeOutcome, goodput: Double)] {
        done.compactMap { done in
            guard let record = done.result.probe, let outcome = done.outcome, let contact = done.experiment.contact,
                !done.isDiscarded, contact.vantage == 0, contact.source == .failing, !contact.isSmallSegmented,
                let goodput = ProbeReading(contact: contact, record: record, reference: nil).goodput
            else { return nil }
            return (record.plan, outcome, goodput)
        }
    }

    /// Paced transfers by the same way as the slow one.
    private var paced: [(rate: Double, outcome: ProbeOutcome)] {
        guard let limited else { return [] }
        return transfers.compactMap { one in
            guard one.plan.host == limited.plan.host, one.plan.port == limited.plan.port else { return nil }
            return one.plan.payload?.bitsPerSecond.map { ($0, one.outcome) }
        }
    }

    /// What is to be tried next; nil if it is known what passes, or nothing was sent as fast as it goes.
    var next: ProbePlan? {
        guard let limited else { return nil }
        let rates = RateLook.steps.map { (limited.goodput * $0 / 1000).rounded(.down) * 1000 }
        let failed = paced.filter { $0.outcome != .ok }.map(\.rate).min() ?? .infinity
        // What passes far below tells little of how fast it may go.
        let passes = paced.contains { $0.outcome == .ok && $0.rate >= (rates.last ?? 0) * 0.99 }
        guard !passes, let rate = rates.first(where: { $0 > 0 && $0 < failed * 0.99 }) else { return nil }
        var plan = limited.plan
        plan.payload?.bitsPerSecond = rate
        plan.payload?.bytes = Int(rate / 8 * RateLook.seconds).clamped(to: RateLook.bytes)
        plan.limitSeconds = Double(plan.payload?.bytes ?? 0) * 8 / rate * 2 + 4
        return plan
    }

    /// What was measured of it; nil if nothing was sent as fast as it goes.
    var measured: DiagnosisDocument.Rate? {
        guard let limited else { return nil }
        let passing = paced.filter { $0.outcome == .ok }.map(\.rate).max()
        return DiagnosisDocument.Rate(unpacedBitsPerSecond: limited.goodput.rounded(), passesBitsPerSecond: passing)
    }
}

extension DiagnosisEngine {
    /// What was measured of a limit of the rate, if that is the verdict.
    func rate(for verdict: DiagnosisDocument.Verdict) -> DiagnosisDocument.Rate? {
        let isOfRate = verdict.mechanism == Mechanism.rate.rawValue || verdict.remedy == Remedy.reduceRate.rawValue
        return isOfRate ? RateLook(view: view, done: done).measured : nil
    }
}
