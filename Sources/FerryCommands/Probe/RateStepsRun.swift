internal import FerryCore
internal import FerryEvidence
internal import FerryProbe
internal import FerryResolver
internal import Glibc

/// Offers one rate after another, each on a connection of its own, and tells what came of each.
struct RateStepsRun: Sendable {
    let steps: RateStepsPlan
    /// Where to and by which words; its content is that of each step.
    let plan: ProbePlan
    let payload: ProbePayload.Kind
    let isJSON: Bool

    /// - Throws: `AnswerIsNo` if a step was ended.
    func run(_ resolver: Resolver) async throws {
        let announcement = announcement
        // What is about to happen costs somebody's line: it is said in any case.
        if isJSON { StandardError.line(announcement) } else { print("\(announcement)\n\(RateStepsTable.head)") }
        fflush(nil)
        var made: [RateStep] = []
        for (index, rate) in steps.rates.enumerated() {
            if index > 0 { try await Task.sleep(for: .milliseconds(Int(RateStepsPlan.pauseSeconds * 1000))) }
            let record = try await record(index, rate, resolver)
            if let problem = record.vantageProblem { throw impossible(problem) }
            let step = RateStep(record, offered: rate)
            made.append(step)
            print(isJSON ? JSONValue(encoding: step).json : RateStepsTable.row(step, record))
            fflush(nil)
            if !step.outcome.worked { break }
        }
        let verdict = RateStepsVerdict(made)
        guard verdict.limit != .ended else { throw AnswerIsNo(text: verdict.text) }
        if !isJSON { print(verdict.text) }
    }

    private var announcement: String {
        let count = steps.rates.count
        let times = "\(Int(steps.leastSeconds.rounded(.up))) to \(Int(steps.mostSeconds.rounded(.up))) s"
        return "\(plan.place), \(plan.speaks.rawValue): sends \(steps.bytes) at most, on \(count) "
            + "connection\(count == 1 ? "" : "s"), in \(times)"
    }

    private func record(_ index: Int, _ rate: BitRate, _ resolver: Resolver) async throws -> ProbeRecord {
        var probe = steps.probe(plan, at: rate, kind: payload)
        probe.id = "r\(index + 1)"
        let name = "step \(index + 1) of \(steps.rates.count), \(rate)"
        return try await ToldProbe(plan: probe, resolver: resolver, name: name).record()
    }

    private func impossible(_ problem: String) -> FerryError {
        FerryError(
            .probeImpossible,
            operation: "offer rates to",
            subject: plan.place,
            cause: problem,
            advice: "Leave it out, or run it where it is allowed."
        )
    }
}
