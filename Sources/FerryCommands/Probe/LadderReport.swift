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
        var climb = LadderPlan(id: "l1", vantage: "here", host: plan.host, port: plan.port, sends: sends)
        climb.sourceAddress = plan.sourceAddress
        climb.speaks = plan.speaks == .tcp ? nil : plan.speaks
        let stop = ProbeStop()
        let run = LadderRun(climb, resolver: resolver, stop: stop)
        if !isJSON {
            print("\(plan.place), \(sends == .request ? "requests" : "content")\nTTL  took       answer")
            fflush(nil)
        }
        let (record, isInterrupted) = try await StopSignals.cancelling {
            let record = await withTaskCancellationHandler {
                await run.record { step in
                    // Of a step that was not waited for, silence says nothing.
                    guard !isJSON, !(stop.isSet && step.answer == .silence) else { return }
                    print(LadderReport.row(step))
                    fflush(nil)
                }
            } onCancel: {
                stop.set()
            }
            return (record, stop.isSet)
        }
        if isJSON {
            print(JSONValue(encoding: record).json)
        } else {
            for step in record.steps where step.isLate == true { print(LadderReport.row(step)) }
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
        if isInterrupted { throw AnswerIsNo(text: "it was interrupted before anything at the far end was found") }
        let last = record.steps.last
        guard last?.answer == .reached else { throw AnswerIsNo(text: LadderReport.end(record)) }
        if !isJSON { print("the destination answers at a distance of \(last?.timeToLive ?? 0)") }
    }

    private static func row(_ step: LadderRecord.Step) -> String {
        let limit = "\(step.timeToLive)"
        let took = step.answer == .silence ? "-" : ProbeTable.time(step.seconds)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let late = step.isLate == true ? ", when nobody waited for it any more" : ""
        return "\(padded(limit, 3))  \(padded(took, 9))  \(words(step))\(late)"
    }

    private static func words(_ step: LadderRecord.Step) -> String {
        switch step.answer {
        case .silence: "nothing"
        case .expired: "expired at \(step.from ?? "a router")"
        case .unreachable: "\(step.from ?? "a router") says that it cannot be reached"
        case .reached: "reached"
        case .reset: "reset"
        case .closed: "closed"
        }
    }

    private static func end(_ record: LadderRecord) -> String {
        let heard = record.steps.last { $0.answer == .expired }
        let known = heard.map { "the last router that answers is \($0.from ?? "unknown") at \($0.timeToLive)" }
        switch record.steps.last?.answer {
        case .reset, .closed:
            return "something ends the connection at a distance of \(record.steps.last?.timeToLive ?? 0)"
                + (known.map { "; \($0)" } ?? "") + ". Compare with the ladder of a port that works"
        default:
            return "the destination does not answer" + (known.map { "; \($0)" } ?? "")
                + ". Routers need not answer: compare with the ladder of a port that works"
        }
    }
}
