internal import FerryAddress
internal import FerryEvidence
internal import Glibc

/// A ladder of content on a connection that stands: how far content has to go until something answers it.
///
/// Where this process may send packets of its own making, one connection is enough: segments that its kernel knows nothing of
/// are sent with a rising time to live, and nothing is sent again. Without, each step needs a connection; then the place is
/// found by halving.
struct ContentLadder {
    private let plan: LadderPlan
    private let destination: IPEndpoint
    private let stop: ProbeStop
    private static let answering: Set<LadderRecord.Step.Answer> = [.reached, .reset, .closed]

    init(_ plan: LadderPlan, _ destination: IPEndpoint, _ stop: ProbeStop) {
        self.plan = plan
        self.destination = destination
        self.stop = stop
    }

    func climb(_ record: inout LadderRecord, _ tell: (LadderRecord.Step) -> Void) {
        var problem: Int32 = 0
        let clock = ProbeClock()
        let capture = ProbeCapture(destination, clock: clock, problem: &problem)
        if let capture {
            climb(&record, clock, capture, tell)
            _ = capture.end()
        } else {
            halve(&record, tell)
        }
    }

    /// A connection over the full distance; nil if there is none, and then the record says why.
    private func connected(_ record: inout LadderRecord, _ tell: (LadderRecord.Step) -> Void) -> (
        LadderSocket, [UInt8]
    )? {
        let socket = LadderSocket(plan, destination)
        if let problem = socket.problem {
            record.vantageProblem = problem
            return nil
        }
        let handshake = socket.request(timeToLive: 64, within: max(3.4, plan.stepSeconds), stop)
        record.requests += socket.requests
        guard handshake.answer == .reached else {
            record.steps.append(handshake)
            tell(handshake)
            return nil
        }
        let said = socket.hear(within: min(1, 2 * handshake.seconds + 0.05))
        if let ending = socket.ending {
            // Ended before any content went: the distance that counts is the handshake's.
            let step = LadderRecord.Step(timeToLive: 64, answer: ending, from: nil, seconds: handshake.seconds)
            record.steps.append(step)
            tell(step)
            return nil
        }
        return (socket, content(for: said))
    }

    /// What a client of the service would say.
    private func content(for said: [UInt8]) -> [UInt8] {
        let words = String(decoding: said.prefix(8), as: UTF8.self)
        let speaks: ServiceProtocol = plan.speaks ?? (words.hasPrefix("@RSYNCD") ? .rsync : .tcp)
        let opening = ServiceOpening(
            ProbePlan(id: plan.id, vantage: "", host: plan.host, port: plan.port, speaks: speaks)
        )
        let bytes = opening.question + opening.answer
        return bytes.isEmpty ? Array(opening.realRest.prefix(64)) : bytes
    }

    private func climb(
        _ record: inout LadderRecord,
        _ clock: ProbeClock,
        _ capture: ProbeCapture,
        _ tell: (LadderRecord.Step) -> Void
    ) {
        guard let (socket, content) = connected(&record, tell), let local = socket.local else { return }
        defer { socket.abort() }
        // The service's first words have to be in the capture, too: what acknowledges less of them than was is taken for a
        // stray by those on the way who keep count, and so is what answers it.
        usleep(60_000)
        let sender = RawSender(to: destination)
        guard sender.isOpen, let flow = capture.flow(local.port), let segment = CraftedSegment(flow, local, destination)
        else {
            record.vantageProblem = "the connection's numbers were not captured"
            return
        }
        let first = record.steps.count
        var starts: [Double] = []
        for limit in 1...max(1, min(plan.most, 255)) where !stop.isSet {
            let start = clock.now
            let before = capture.flow(local.port)
            let packet = segment.bytes(content, timeToLive: limit)
            let problem = sender.send(packet)
            guard problem == 0 else {
                record.vantageProblem = "no packet could be sent: \(String(cString: strerror(problem)))"
                break
            }
            let step = answer(limit, start, clock, capture, local.port, beyond: before)
            record.steps.append(step)
            starts.append(ProbeClock.seconds(start))
            tell(step)
            if ContentLadder.answering.contains(step.answer) { break }
        }
        guard let flow = capture.end()[local.port] else { return }
        for (index, start) in starts.enumerated() {
            let length = index + 1 < starts.count ? starts[index + 1] - start : .infinity
            let limit = record.steps[first + index].timeToLive
            let own = flow.errors(since: start).filter { error in
                ContentLadder.step(of: error).map { $0 == limit } ?? (error.seconds < length)
            }
            record.steps[first + index].add(captured: own, requests: 1)
        }
    }

    /// The step whose packet an error quotes; nil if it does not tell.
    private static func step(of error: ICMPFacts) -> Int? {
        error.quoted?.identification.flatMap { (1...255).contains($0) ? $0 : nil }
    }

    private func answer(
        _ limit: Int,
        _ start: UInt64,
        _ clock: ProbeClock,
        _ capture: ProbeCapture,
        _ port: UInt16,
        beyond before: CapturedFlow?
    ) -> LadderRecord.Step {
        let end = start + ProbeClock.nanoseconds(plan.stepSeconds)
        func step(_ answer: LadderRecord.Step.Answer) -> LadderRecord.Step {
            LadderRecord.Step(
                timeToLive: limit,
                answer: answer,
                from: nil,
                seconds: ProbeClock.seconds(clock.now - start)
            )
        }
        while clock.now < end, !stop.isSet {
            usleep(1000)
            guard let flow = capture.flow(port) else { continue }
            if let closing = flow.closing, before?.closing == nil {
                return step(closing.flags.contains("R") ? .reset : .closed)
            }
            if let acknowledged = flow.acknowledged, let known = before?.acknowledged,
                distance(from: known, to: acknowledged) > 0
            {
                // What ends it in answer to content comes after the acknowledgement, if at all.
                usleep(100_000)
                let closing = capture.flow(port)?.closing
                return step(closing.map { $0.flags.contains("R") ? .reset : .closed } ?? .reached)
            }
            let errors = flow.errors(since: ProbeClock.seconds(start))
            if let error = errors.first(where: { (ContentLadder.step(of: $0) ?? limit) == limit }) {
                return LadderRecord.Step(
                    timeToLive: limit,
                    error: error,
                    seconds: ProbeClock.seconds(clock.now - start)
                )
            }
        }
        return step(.silence)
    }

    private func halve(_ record: inout LadderRecord, _ tell: (LadderRecord.Step) -> Void) {
        var low = 1
        var high = max(1, min(plan.most, 255))
        while low <= high, !stop.isSet {
            let middle = (low + high) / 2
            guard let (socket, content) = connected(&record, tell) else { return }
            let step = socket.content(content, timeToLive: middle, within: plan.stepSeconds, stop)
            socket.abort()
            record.steps.append(step)
            record.steps.sort { $0.timeToLive < $1.timeToLive }
            tell(step)
            if ContentLadder.answering.contains(step.answer) { high = middle - 1 } else { low = middle + 1 }
        }
    }
}
