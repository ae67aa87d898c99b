public import FerryCore
public import FerryEvidence
internal import Synchronization

/// A connection to a vantage: asks it to measure, and gives back what it has seen. What goes wrong with the vantage itself is
/// told in the record (`vantageProblem`), because it is evidence about the vantage and not about what it was to measure.
public final class VantageConnection: Sendable {
    private struct State {
        var lastID = 0
        var mailboxes: [Int: VantageMailbox] = [:]
        /// The numbers of watches that go on.
        var watches: [String: (id: Int, plan: WatchPlan)] = [:]
        /// Questions in a row that were not answered in time.
        var unanswered = 0
        /// Why there is nobody at the other end any more.
        var lost: String?
        /// Whether that was decided here.
        var isOurs = false
        var link: (any VantageLink)?
    }

    /// Where it is.
    public let reach: String
    private let state = Mutex(State())
    private let greeting = VantageMailbox()
    private let introduction = Mutex<(hello: VantageHello?, offset: Double, roundTrip: Double)>((nil, 0, 0))

    /// Seconds that an answer may come after the time that its plan gives it: threads start late on a busy host.
    private let grace: Double
    /// Finding a name's address may take so long on top.
    private static let resolving = 30.0

    init(reach: String, grace: Double = 8) {
        self.reach = reach
        self.grace = grace
    }

    /// Connects to the vantage at `reach`, and hears who it is.
    /// - Parameters:
    ///   - reach: `unix:PATH` or `tls://HOST:PORT`.
    ///   - identity: the directory of the identity that is shown over TLS; nil where `reach` needs none.
    ///   - seconds: how long connecting may take.
    /// - Throws: `FerryError` with `ErrorCode.vantageUnreachable`, `.vantageMalformed` or `.badReach`.
    public static func open(
        _ reach: String,
        identity: String? = nil,
        within seconds: Double = 10
    ) async throws(FerryError) -> VantageConnection {
        try await result(reach, identity: identity, within: seconds).get()
    }

    /// The same as a value.
    ///
    /// Asynchronous functions with typed throws have been seen to hand back other values than they returned, in release
    /// builds of Swift 6.3.1; so nothing below this throws that way.
    public static func result(
        _ reach: String,
        identity: String? = nil,
        within seconds: Double = 10
    ) async -> Result<VantageConnection, FerryError> {
        let connection = VantageConnection(reach: reach)
        let link: any VantageLink
        switch await connection.link(identity, within: seconds) {
        case .failure(let error): return .failure(error)
        case .success(let opened): link = opened
        }
        connection.use(link)
        if let error = await connection.introduce(within: seconds) {
            link.close()
            return .failure(error)
        }
        return .success(connection)
    }

    func use(_ link: any VantageLink) { state.withLock { $0.link = link } }

    private func link(_ identity: String?, within seconds: Double) async -> Result<any VantageLink, FerryError> {
        let place: VantageReach
        do throws(FerryError) {
            place = try VantageReach(parsing: reach)
            if case .unix(let path) = place { return .success(try UnixVantageLink(path: path, self)) }
        } catch {
            return .failure(error)
        }
        guard case .tls(let endpoint) = place else { return .failure(unreachable("it is no place")) }
        return await TLSVantageLink.open(endpoint, identity: identity, within: seconds, self).map { $0 }
    }

    /// What it says of itself.
    public var hello: VantageHello {
        introduction.withLock(\.hello)
            ?? VantageHello(vantage: 0, program: "", captures: false, addresses: [], time: "")
    }

    /// Seconds that its clock is ahead of this host's, give or take half of `roundTripSeconds`.
    public var clockOffsetSeconds: Double { introduction.withLock(\.offset) }

    /// Seconds that a question and its answer took.
    public var roundTripSeconds: Double { introduction.withLock(\.roundTrip) }

    /// Ends the connection. The vantage then ends what it was doing for it.
    public func close() { state.withLock(\.link)?.close() }

    // MARK: - Measuring

    /// Makes a probe there.
    public func probe(_ plan: ProbePlan) async -> ProbeRecord {
        let seconds = plan.limitSeconds + VantageConnection.resolving
        let answer = await ask(within: seconds, unless: plan.problem) { $0.probe = plan }
        if var record = answer.probe?.parsed(otherwiseAt: .now()) {
            record.plan = plan
            return record
        }
        var record = ProbeRecord(plan, startedAt: "\(UTCTime.now())")
        record.outcome = .notSent
        record.vantageProblem = problem(answer)
        if answer.refusal != nil { record.failure = ProbeRecord.refusedByVantage }
        return record
    }

    /// Climbs a ladder there.
    public func ladder(_ plan: LadderPlan) async -> LadderRecord {
        let seconds = Double(plan.most) * (plan.stepSeconds + 1) + VantageConnection.resolving
        let answer = await ask(within: seconds, unless: plan.problem) { $0.ladder = plan }
        if var record = answer.ladder {
            record.plan = plan
            return record
        }
        var record = LadderRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = problem(answer)
        return record
    }

    /// Looks at the host there.
    public func host(_ plan: HostPlan) async -> HostRecord {
        let answer = await ask(within: 5, unless: plan.problem) { $0.host = plan }
        if var record = answer.host {
            record.plan = plan
            return record
        }
        var record = HostRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = problem(answer)
        return record
    }

    /// Begins to watch there, and returns once what passes is seen.
    /// - Returns: why it has not begun; nil if it has.
    public func watch(_ plan: WatchPlan) async -> String? {
        if let problem = plan.problem { return problem }
        let (id, mailbox) = reserve()
        state.withLock { $0.watches[plan.id] = (id, plan) }
        var request = VantageRequest(id: id)
        request.watch = plan
        send(request)
        let answer = await mailbox.next(within: grace)
        count(answer)
        if answer?.began == true { return nil }
        state.withLock { $0.watches[plan.id] = nil }
        release(id)
        // It may begin yet, and would go on until its limit with nobody who asks for what it has seen.
        if answer == nil { sendEnd(ofWatch: plan.id) }
        return answer?.watch?.vantageProblem ?? problem(answer ?? VantageAnswer(id: id))
    }

    /// Ends the watch of that name, and gives what it has seen.
    public func endWatch(_ name: String) async -> WatchRecord {
        guard let (id, plan) = state.withLock({ $0.watches.removeValue(forKey: name) }) else {
            let plan = WatchPlan(id: name, vantage: "", host: "", ports: [], limitSeconds: 0)
            var record = WatchRecord(plan, startedAt: "\(UTCTime.now())")
            record.vantageProblem = "there is no watch \"\(name)\""
            return record
        }
        let mailbox = state.withLock { $0.mailboxes[id] }
        sendEnd(ofWatch: name)
        let answer = await mailbox?.next(within: grace)
        count(answer)
        release(id)
        if var record = answer?.watch {
            record.plan = plan
            return record
        }
        var record = WatchRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = problem(answer ?? VantageAnswer(id: id))
        return record
    }

    /// What was seen comes as the answer to the watch itself, and none to this.
    private func sendEnd(ofWatch name: String) {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        var request = VantageRequest(id: id)
        request.endWatch = name
        send(request)
    }

    // MARK: - Questions and answers

    /// Hears who it is, and compares the clocks. Returns what went wrong.
    private func introduce(within seconds: Double) async -> FerryError? {
        guard await greeting.next(within: seconds) != nil, hello.vantage > 0 else {
            let silence = Task.isCancelled ? "nobody waited for it" : "it said nothing for \(Int(seconds.rounded())) s"
            // Over TLS 1.3 whoever does not take an identity can only end the connection.
            let mayRefuse = reach.hasPrefix("tls://") && !state.withLock(\.isOurs)
            let refusal =
                mayRefuse ? ", before it said who it is: it takes operators' identities of its own authority only" : ""
            return unreachable(lost.map { $0 + refusal } ?? silence)
        }
        guard hello.vantage == 1 else {
            return FerryError(
                .vantageMalformed,
                operation: "understand the vantage",
                subject: reach,
                cause: "it speaks version \(hello.vantage) of the protocol, and only 1 is known here",
                advice: "Install the same release on both sides."
            )
        }
        let before = UTCTime.now()
        let answer = await ask(within: seconds) { $0.time = true }
        let after = UTCTime.now()
        guard let time = answer.time.flatMap({ UTCTime(parsing: $0) }) else {
            return unreachable(lost ?? "it does not tell the time")
        }
        let middle = Double(before.microseconds + after.microseconds) / 2
        introduction.withLock {
            $0.offset = (Double(time.microseconds) - middle) / 1e6
            $0.roundTrip = Double(after.microseconds - before.microseconds) / 1e6
        }
        return nil
    }

    /// - Parameter problem: why nothing is asked.
    private func ask(
        within seconds: Double,
        unless problem: String? = nil,
        _ fill: (inout VantageRequest) -> Void
    ) async -> VantageAnswer {
        if let problem { return VantageAnswer(id: 0, .vantageRefused, problem) }
        let (id, mailbox) = reserve()
        var request = VantageRequest(id: id)
        fill(&request)
        send(request)
        let answer = await mailbox.next(within: seconds + grace)
        release(id)
        count(answer)
        return answer ?? VantageAnswer(id: id)
    }

    /// Counts whether there was an answer in time. Whoever is cancelled has not waited for it.
    private func count(_ answer: VantageAnswer?) {
        guard answer != nil || !Task.isCancelled else { return }
        state.withLock { $0.unanswered = answer == nil ? $0.unanswered + 1 : 0 }
    }

    private func reserve() -> (Int, VantageMailbox) {
        let mailbox = VantageMailbox()
        let id = state.withLock { state in
            state.lastID += 1
            state.mailboxes[state.lastID] = mailbox
            return state.lastID
        }
        return (id, mailbox)
    }

    private func release(_ id: Int) { state.withLock { $0.mailboxes[id] = nil } }

    private func send(_ request: VantageRequest) {
        let link = state.withLock { $0.lost == nil ? $0.link : nil }
        guard let link else { return lose("the connection has ended") }
        link.send(JSONValue(encoding: request).json)
    }

    private var lost: String? { state.withLock(\.lost) }

    /// Whether there is nobody any more, or nobody who answers: the connection has ended, or two questions in a row were not
    /// answered in time. What a vantage refuses, or cannot do, is an answer.
    public var isGone: Bool { state.withLock { $0.lost != nil || $0.unanswered >= 2 } }

    private func problem(_ answer: VantageAnswer) -> String {
        if let refusal = answer.refusal { return "\(refusal.says) (\(refusal.code))" }
        let silence = Task.isCancelled ? "it was not waited for any longer" : "it has not answered in time"
        return "the vantage at \(reach): \(lost ?? silence)"
    }

    private func unreachable(_ cause: String) -> FerryError {
        FerryError(
            .vantageUnreachable,
            operation: "reach the vantage",
            subject: reach,
            cause: cause,
            advice: "Look there whether \"ferry-agent vantage\" runs, and what it says.",
            retry: .later
        )
    }

    // MARK: - What the link tells

    /// A line has come. Returns whether it could be understood.
    func receive(_ line: [UInt8]) -> Bool {
        guard let said = try? JSONValue(parsing: line, from: reach) else {
            lose("says what is no JSON")
            return false
        }
        let value = VantageWords.cleaned(said)
        if value["vantage"] != nil, let hello = try? value.decoded(as: VantageHello.self, from: reach) {
            greet(hello)
            return true
        }
        guard VantageWords.arePossible(value) else {
            let id = value["id"]?.integer.map { Int($0) } ?? 0
            let answer = VantageAnswer(id: id, .vantageMalformed, "it answered with impossible numbers")
            state.withLock { $0.mailboxes[id] }?.put(answer)
            return true
        }
        guard let answer = try? value.decoded(as: VantageAnswer.self, from: reach) else {
            lose("answers what is no answer")
            return false
        }
        state.withLock { $0.mailboxes[answer.id] }?.put(answer)
        return true
    }

    /// Who it is counts once: the clocks were compared with that one.
    private func greet(_ hello: VantageHello) {
        let isFirst = introduction.withLock { introduction in
            guard introduction.hello == nil else { return false }
            introduction.hello = hello
            return true
        }
        if isFirst { greeting.put(VantageAnswer(id: 0)) }
    }

    /// There will be no more lines.
    func lose(_ cause: String, isOurs: Bool = false) {
        let mailboxes = state.withLock { state in
            if state.lost == nil { (state.lost, state.isOurs) = (cause, isOurs) }
            return Array(state.mailboxes.values)
        }
        greeting.close()
        for mailbox in mailboxes { mailbox.close() }
    }
}

extension VantageAnswer {
    /// Why there is none.
    fileprivate init(id: Int, _ code: ErrorCode, _ says: String) {
        self.init(id: id)
        refusal = Refusal(code: "\(code)", says: says)
    }
}
