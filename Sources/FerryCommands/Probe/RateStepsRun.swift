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
        return "\(plan.host):\(plan.port), \(plan.speaks.rawValue): sends \(steps.bytes) at most, on \(count) "
            + "connection\(count == 1 ? "" : "s"), in \(times)"
    }

    private func record(_ index: Int, _ rate: BitRate, _ resolver: Resolver) async throws -> ProbeRecord {
        var probe = steps.probe(plan, at: rate, kind: payload)
        probe.id = "r\(index + 1)"
        let stop = ProbeStop()
        let run = ProbeRun(probe, resolver: resolver, stop: stop)
        return try await withTaskCancellationHandler {
            async let record = run.record()
            let teller = Task { await tell(index, rate) }
            let result = await record
            teller.cancel()
            _ = await teller.value
            try Task.checkCancellation()
            return result
        } onCancel: {
            stop.set()
        }
    }

    private func tell(_ index: Int, _ rate: BitRate) async {
        let began = ContinuousClock.now
        let progress = ProgressLine()
        defer { progress.end() }
        let limit = Int((steps.stepSeconds + RateStepsPlan.restSeconds).rounded(.up))
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(200))
            guard !Task.isCancelled else { return }
            let passed = (ContinuousClock.now - began).components.seconds
            progress.show("step \(index + 1) of \(steps.rates.count), \(rate): \(passed) s, at most \(limit) s")
        }
    }

    private func impossible(_ problem: String) -> FerryError {
        FerryError(
            .probeImpossible,
            operation: "offer rates to",
            subject: "\(plan.host):\(plan.port)",
            cause: problem,
            advice: "--from needs an address of this host."
        )
    }
}
