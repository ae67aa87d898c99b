internal import FerryAddress
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

    /// - Throws: `AnswerIsNo` if a step was ended, or if it was interrupted.
    func run(_ resolver: Resolver) async throws {
        let announcement = announcement
        // What is about to happen costs somebody's line: it is said in any case.
        if isJSON { StandardError.line(announcement) } else { print("\(announcement)\n\(RateStepsTable.head)") }
        fflush(nil)
        var made: [RateStep] = []
        do {
            try await make(&made, resolver)
        } catch is CancellationError {
            throw AnswerIsNo(text: interrupted(made))
        }
        let verdict = RateStepsVerdict(made)
        guard verdict.limit != .ended else { throw AnswerIsNo(text: verdict.text) }
        if !isJSON { print(verdict.text) }
    }

    /// What the rates that were offered until then say.
    private func interrupted(_ made: [RateStep]) -> String {
        let count = steps.rates.count
        guard !made.isEmpty else { return "it was interrupted before the first of \(count) rates was measured" }
        return "it was interrupted after \(made.count) of \(count) rates. \(RateStepsVerdict(made).text)"
    }

    /// - Throws: `CancellationError` if it was stopped; then `made` has the steps that were made.
    private func make(_ made: inout [RateStep], _ resolver: Resolver) async throws {
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
