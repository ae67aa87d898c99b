internal import FerryCore
internal import FerryEvidence
internal import FerryResolver
internal import Synchronization

/// Somebody who has connected to a vantage, and what is being done for them.
final class VantageSession: Sendable {
    private struct State {
        var stops: [Int: ProbeStop] = [:]
        var watches: [String: ProbeStop] = [:]
        var isOver = false
    }

    private let permit: VantagePermit
    private let resolver: Resolver
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// Each takes a thread and some descriptors.
    private static let mostAtOnce = 64
    private static let mostCompanions = 512

    /// - Parameter write: sends a line; may be called from any thread.
    init(permit: VantagePermit, resolver: Resolver, write: @escaping @Sendable (String) -> Void) {
        self.permit = permit
        self.resolver = resolver
        self.write = write
    }

    /// Says hello.
    func greet(program: String) {
        let hello = VantageHello(
            vantage: 1,
            program: program,
            captures: PacketTap.isPermitted,
            addresses: HostAddresses.all(),
            time: "\(UTCTime.now())"
        )
        write(JSONValue(encoding: hello).json)
    }

    /// Does what a line asks for; false if it cannot be understood, and no more should be.
    func receive(_ line: [UInt8]) -> Bool {
        do throws(FerryError) {
            let value = try JSONValue(parsing: line, from: "a request")
            take(try value.decoded(as: VantageRequest.self, from: "a request"))
            return true
        } catch {
            var answer = VantageAnswer(id: 0)
            answer.refusal = VantageAnswer.Refusal(code: "\(ErrorCode.vantageMalformed)", says: error.cause)
            send(answer)
            return false
        }
    }

    /// Whoever asked is gone: all that is being done for them ends.
    func end() {
        let stops = state.withLock { state in
            state.isOver = true
            return Array(state.stops.values)
        }
        for stop in stops { stop.set() }
    }

    private func take(_ request: VantageRequest) {
        if request.time == true {
            var answer = VantageAnswer(id: request.id)
            answer.time = "\(UTCTime.now())"
            return send(answer)
        }
        if let name = request.endWatch { return end(name, request.id) }
        if let refusal = refusal(request) {
            var answer = VantageAnswer(id: request.id)
            answer.refusal = refusal
            return send(answer)
        }
        let stop = ProbeStop()
        guard admit(request, stop) else {
            return refuse(request.id, .vantageBusy, "\(VantageSession.mostAtOnce) requests are being worked on")
        }
        let isStarted = ProbeThread.start { [self] in
            let answer = work(request, stop)
            forget(request)
            send(answer)
        }
        if !isStarted {
            forget(request)
            refuse(request.id, .vantageBusy, "no thread could be started")
        }
    }

    private func admit(_ request: VantageRequest, _ stop: ProbeStop) -> Bool {
        state.withLock { state in
            guard !state.isOver, state.stops.count < VantageSession.mostAtOnce, state.stops[request.id] == nil else {
                return false
            }
            state.stops[request.id] = stop
            if let watch = request.watch { state.watches[watch.id] = stop }
            return true
        }
    }

    private func forget(_ request: VantageRequest) {
        state.withLock { state in
            state.stops[request.id] = nil
            if let watch = request.watch { state.watches[watch.id] = nil }
        }
    }

    private func end(_ name: String, _ id: Int) {
        if let stop = state.withLock({ $0.watches[name] }) { return stop.set() }
        refuse(id, .vantageRefused, "there is no watch \"\(name)\": it has ended, or was never begun")
    }

    private func refusal(_ request: VantageRequest) -> VantageAnswer.Refusal? {
        if let plan = request.probe {
            let count = plan.concurrency ?? 1
            guard (1...VantageSession.mostCompanions).contains(count), plan.limitSeconds <= 3600 else {
                return VantageAnswer.Refusal(
                    code: "\(ErrorCode.vantageRefused)",
                    says: "a probe has 1 to \(VantageSession.mostCompanions) connections and takes an hour at the most"
                )
            }
            let bytes = max(0, plan.payload?.bytes ?? 0)
            return permit.refusal(plan.host, plan.port, count: count, bytes: bytes)
        }
        if let plan = request.ladder { return permit.refusal(plan.host, plan.port, count: 1) }
        if let plan = request.watch { return permit.refusal(watching: plan.host) }
        if let plan = request.host {
            let hosts = plan.peers.map { PeerName($0).host }
            return hosts.lazy.compactMap { self.permit.refusal(watching: $0) }.first
        }
        return VantageAnswer.Refusal(code: "\(ErrorCode.vantageMalformed)", says: "the request asks for nothing")
    }

    private func work(_ request: VantageRequest, _ stop: ProbeStop) -> VantageAnswer {
        var answer = VantageAnswer(id: request.id)
        if let plan = request.probe {
            answer.probe = ProbeRun(plan, resolver: resolver, stop: stop).recordBlocking()
        } else if let plan = request.ladder {
            answer.ladder = LadderRun(plan, resolver: resolver, stop: stop).recordBlocking()
        } else if let plan = request.watch {
            answer.watch = WatchRun(plan, stop: stop).recordBlocking {
                var begun = VantageAnswer(id: request.id)
                begun.began = true
                send(begun)
            }
        } else if let plan = request.host {
            answer.host = HostLook(plan, resolver: resolver).record()
        }
        return answer
    }

    private func refuse(_ id: Int, _ code: ErrorCode, _ says: String) {
        var answer = VantageAnswer(id: id)
        answer.refusal = VantageAnswer.Refusal(code: "\(code)", says: says)
        send(answer)
    }

    private func send(_ answer: VantageAnswer) { write(JSONValue(encoding: answer).json) }
}
