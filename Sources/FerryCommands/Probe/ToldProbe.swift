internal import FerryEvidence
internal import FerryProbe
internal import FerryResolver

/// A probe of a command's, of which is told how far it is.
struct ToldProbe: Sendable {
    let plan: ProbePlan
    let resolver: Resolver
    /// What is told, without the seconds: what is probed.
    let name: String

    /// Short enough that with the pause between two of them nobody waits for two seconds without a word.
    private static let pace = Duration.milliseconds(800)

    /// - Throws: `CancellationError` if it was stopped.
    func record() async throws -> ProbeRecord {
        let stop = ProbeStop()
        let run = ProbeRun(plan, resolver: resolver, stop: stop)
        let limit = Int(plan.limitSeconds.rounded(.up))
        return try await withTaskCancellationHandler {
            let record = await ProgressLine.tell(pace: ToldProbe.pace) { [name] in
                "\(name): \($0) s, at most \(limit) s"
            } while: {
                await run.record()
            }
            try Task.checkCancellation()
            return record
        } onCancel: {
            stop.set()
        }
    }
}
