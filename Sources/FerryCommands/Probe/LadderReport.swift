internal import FerryCore
internal import FerryEvidence
internal import FerryProbe
internal import FerryProcess
internal import FerryResolver
internal import Glibc

/// Climbs a ladder and tells its steps as they are made.
struct LadderReport: Sendable {
    let sends: LadderPlan.Sends
    let plan: ProbePlan
    let isJSON: Bool

    /// - Throws: `AnswerIsNo` if the destination was not reached, or if it was interrupted.
    func run(_ resolver: Resolver) async throws {
        let climb = climb
        let stop = ProbeStop()
        let run = LadderRun(climb, resolver: resolver, stop: stop)
        if !isJSON {
            print("\(plan.place), \(sends == .request ? "requests" : "content")\nTTL  took       answer")
            fflush(nil)
        }
        let progress = LadderProgress()
        progress.begin("climbing towards \(plan.place)")
        let (record, isInterrupted) = try await StopSignals.cancelling {
            let record = await withTaskCancellationHandler {
                await run.record { step in
                    // Of a step that was not waited for, silence says nothing.
                    guard !isJSON, !(stop.isSet && step.answer == .silence) else { return }
                    progress.row(LadderReport.row(step, of: climb))
                }
            } onCancel: {
                stop.set()
            }
            return (record, stop.isSet)
        }
        progress.end()
        if isJSON {
            print(JSONValue(encoding: record).json)
        } else {
            for step in record.steps where step.isLate == true { print(LadderReport.row(step, of: climb)) }
        }
        if let problem = record.vantageProblem {
            throw FerryError(
                .probeImpossible,
                operation: "climb towards",
                subject: plan.place,
                cause: problem,
                advice: "Name the port of a service that can be connected to."
            )
        }
        let summary = LadderSummary(record)
        if isInterrupted { throw AnswerIsNo(text: summary.interrupted) }
        guard summary.isReached else { throw AnswerIsNo(text: summary.text) }
        if !isJSON { print(summary.text) }
    }

    private var climb: LadderPlan {
        var climb = LadderPlan(id: "l1", vantage: "here", host: plan.host, port: plan.port, sends: sends)
        climb.sourceAddress = plan.sourceAddress
        climb.speaks = plan.speaks == .tcp ? nil : plan.speaks
        return climb
    }

    static func row(_ step: LadderRecord.Step, of climb: LadderPlan) -> String {
        let limit = "\(step.timeToLive)"
        let took = step.answer == .silence ? "-" : ProbeTable.time(step.seconds)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let late = step.isLate == true ? ", when nobody waited for it any more" : ""
        let isHandshake = LadderSummary.isHandshake(step, of: climb)
        let answer = isHandshake ? "no connection for content: \(words(step))" : words(step)
        return "\(padded(limit, 3))  \(padded(took, 9))  \(answer)\(late)"
    }

    private static func words(_ step: LadderRecord.Step) -> String {
        switch step.answer {
        case .silence: "nothing answers"
        case .expired: "expired at \(step.from ?? "a router")"
        case .unreachable: "\(step.from ?? "a router") says that it cannot be reached"
        case .reached: "reached"
        case .reset: "reset"
        case .closed: "closed"
        }
    }
}
