internal import FerryCore
internal import FerryEvidence
internal import FerryProbe
internal import FerryResolver
internal import Glibc

/// Probes one after another, told as they are made.
struct ProbeSeries: Sendable {
    let plan: ProbePlan
    let count: Int
    let interval: Double
    let isJSON: Bool

    /// - Throws: `AnswerIsNo` if not all worked, or if it was interrupted.
    func run(_ resolver: Resolver) async throws {
        var records: [ProbeRecord] = []
        do {
            try await make(&records, resolver)
        } catch is CancellationError {
            // What was seen until then is what whoever interrupts wants to know.
            throw AnswerIsNo(text: ProbeSummary(records).interrupted(of: count))
        }
        let summary = ProbeSummary(records)
        guard summary.allWorked else { throw AnswerIsNo(text: summary.text) }
        if !isJSON { print(summary.text) }
    }

    /// - Throws: `CancellationError` if it was stopped; then `records` has those that were made.
    private func make(_ records: inout [ProbeRecord], _ resolver: Resolver) async throws {
        var table = ProbeTable(plan)
        if !isJSON { print("\(plan.place), \(plan.speaks.rawValue)\n\(table.head)") }
        // The table comes before what may be told of it, also where both go to one file.
        fflush(nil)
        for number in 1...count {
            let began = ContinuousClock.now
            let record = try await record(number, resolver)
            if let problem = record.vantageProblem { throw impossible(problem, record) }
            records.append(record)
            if isJSON {
                print(JSONValue(encoding: record).json)
            } else {
                print(([table.row(number, record)] + table.more(record)).joined(separator: "\n"))
            }
            fflush(nil)
            guard number < count else { break }
            try await pause(until: began + .seconds(interval), number)
        }
    }

    private func record(_ number: Int, _ resolver: Resolver) async throws -> ProbeRecord {
        var plan = plan
        plan.id = "p\(number)"
        return try await ToldProbe(plan: plan, resolver: resolver, name: "probe \(number) of \(count)").record()
    }

    private func pause(until moment: ContinuousClock.Instant, _ number: Int) async throws {
        let progress = ProgressLine()
        defer { progress.end() }
        while ContinuousClock.now < moment {
            let left = (moment - ContinuousClock.now).components.seconds + 1
            progress.show("probe \(number + 1) of \(count) begins in \(left) s")
            try await Task.sleep(for: min(.milliseconds(200), moment - ContinuousClock.now))
        }
    }

    private func impossible(_ problem: String, _ record: ProbeRecord) -> FerryError {
        FerryError(
            .probeImpossible,
            operation: "probe",
            subject: plan.place,
            cause: problem,
            advice: advice(record)
        )
    }

    private func advice(_ record: ProbeRecord) -> String {
        if record.failure == ProbeRecord.portInUse { return record.advice }
        guard plan.captures == true || plan.isHalfOpen == true else {
            return "See what this host allows: its addresses (ip address), descriptors and threads (ulimit -a)."
        }
        return "Capturing and requests of our own making need CAP_NET_RAW."
    }
}

extension ErrorCode {
    /// This host does not let a probe be made as it was asked for.
    static let probeImpossible = ErrorCode("probe.impossible", .failure)
    /// The address to call from is of another family than the destination.
    static let probeSourceFamily = ErrorCode("probe.source-family", .input)
}

/// What several probes came to.
struct ProbeSummary {
    private let records: [ProbeRecord]

    init(_ records: [ProbeRecord]) { self.records = records }

    var allWorked: Bool { records.allSatisfy { $0.outcome.worked && ($0.outcomes ?? []).allSatisfy(\.worked) } }

    var text: String { text(counts: records.count > 1) }

    /// The same of a series of `count` connections that was cut short.
    func interrupted(of count: Int) -> String {
        guard !records.isEmpty else {
            let first = count == 1 ? "the connection" : "the first of \(count) connections"
            return "it was interrupted before \(first) was over"
        }
        return "it was interrupted after \(records.count) of \(count) connections: \(text(counts: true))"
    }

    private func text(counts: Bool) -> String {
        let worked = records.filter(\.outcome.worked).count
        var parts = [counts ? "\(worked) of \(records.count) worked" : ""]
        let failures = failures
        parts += failures.map { $0.count == 1 ? $0.words : "\($0.count) times \($0.words)" }
        if let strange { parts.append(strange) }
        if let times { parts.append(times) }
        if let seen { parts.append(seen) }
        let advice = failures.first?.advice ?? ""
        return parts.filter { !$0.isEmpty }.joined(separator: "; ") + (advice.isEmpty ? "" : ". " + advice)
    }

    /// What did not work, and how often it came to that.
    private var failures: [(words: String, advice: String, count: Int)] {
        let own = records.filter { !$0.outcome.worked }.map { ($0.words, $0.advice) }
        let beside = records.flatMap { $0.outcomes?.dropLast() ?? [] }.filter { !$0.worked }
        var counted: [(words: String, advice: String, count: Int)] = []
        for (words, advice) in own + beside.map({ ($0.words, $0.advice) }) {
            if let index = counted.firstIndex(where: { $0.words == words }) {
                counted[index].count += 1
            } else {
                counted.append((words, advice, 1))
            }
        }
        return counted
    }

    /// What the outcome does not say: that it is not what was asked for that answers, or may not be.
    private var strange: String? {
        let strange = records.first { $0.strangeness != nil }
        if let strange, let what = strange.strangeness {
            return "\(what): \(ProbeRecord.brief(strange.text ?? ""))"
        }
        guard records.contains(where: { $0.plan.speaks == .ferry && $0.plan.isHalfOpen != true && $0.outcome.worked })
        else { return nil }
        return "it speaks TLS; whether it is Ferry is told only to an identity (ferry-agent check)"
    }

    /// By which addresses the service says that it sees this host.
    private var seen: String? {
        let all = Set(records.compactMap(\.translatedSource)).sorted()
        guard let first = all.first else { return nil }
        return "the service sees this host as \(first)" + (all.count == 1 ? "" : " and \(all.count - 1) others")
    }

    private var times: String? {
        let times = records.compactMap(\.connectSeconds).sorted()
        guard let least = times.first, let most = times.last else { return nil }
        if times.count == 1 { return "the handshake took \(ProbeTable.time(least))" }
        return "the handshake took \(ProbeTable.time(least)) to \(ProbeTable.time(most)), "
            + "\(ProbeTable.time(times[times.count / 2])) in the middle"
    }
}
