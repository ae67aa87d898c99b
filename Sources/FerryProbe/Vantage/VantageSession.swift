internal import FerryAddress
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
    /// Who asks, as it is told where something is refused.
    private let peer: String
    private let state = Mutex(State())
    /// Each takes a thread and some descriptors.
    private static let mostAtOnce = 64
    /// How long a probe may take, in seconds.
    private static let longest = 3600.0

    /// - Parameters:
    ///   - peer: who asks.
    ///   - write: sends a line; may be called from any thread.
    init(
        permit: VantagePermit,
        resolver: Resolver,
        peer: String = "somebody on this machine",
        write: @escaping @Sendable (String) -> Void
    ) {
        self.permit = permit
        self.resolver = resolver
        self.peer = peer
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
        refuse(
            id,
            .vantageRefused,
            "there is no watch \"\(VantagePermit.shown(name))\": it has ended, or was never begun"
        )
    }

    private func refused(_ says: String) -> VantageAnswer.Refusal {
        VantageAnswer.Refusal(code: "\(ErrorCode.vantageRefused)", says: says)
    }

    private func refusal(_ request: VantageRequest) -> VantageAnswer.Refusal? {
        let problem =
            request.probe?.problem ?? request.ladder?.problem ?? request.watch?.problem ?? request.host?.problem
        if let problem { return refused(problem) }
        if let plan = request.probe {
            if plan.limitSeconds > VantageSession.longest { return refused("a probe takes an hour at the most") }
            return permit.refusal(plan.host, plan.port, count: plan.connects, bytes: plan.payload?.bytes ?? 0)
        }
        if let plan = request.ladder {
            let count = plan.connects(canCapture: PacketTap.isPermitted)
            return permit.refusal(plan.host, plan.port, count: count)
        }
        if let plan = request.watch { return permit.refusal(watching: plan) }
        // Of a host, far ends are left out that may not be looked at.
        if request.host != nil { return nil }
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
        } else if var plan = request.host {
            plan.peers.removeAll { permit.refusal(watching: PeerName($0).host) != nil }
            answer.host = HostLook(plan, resolver: resolver, stop: stop).record()
        }
        return answer
    }

    private func refuse(_ id: Int, _ code: ErrorCode, _ says: String) {
        var answer = VantageAnswer(id: id)
        answer.refusal = VantageAnswer.Refusal(code: "\(code)", says: says)
        send(answer)
    }

    private func send(_ answer: VantageAnswer) {
        if let refusal = answer.refusal { permit.note(refused: "to \(peer): \(refusal.says) (\(refusal.code))") }
        let line = JSONValue(encoding: answer).json
        guard line.utf8.count > LineAssembly.longest else { return write(line) }
        // Whoever asked would end the connection, and with it all else that is being done for them.
        refuse(answer.id, .vantageRefused, "the answer would be longer than a line may be")
    }
}
