internal import FerryEvidence
internal import Glibc

extension ProbeConnection {
    /// Hears the service, after having asked if it wants to be.
    func greet() throws(ProbeEnding) {
        let opening = ServiceOpening(plan)
        let question = opening.question
        if opening.questionIsContent { kernel.expectProgress() }
        try putAll(question)
        if plan.speaks == .http, question.isEmpty { return }
        let patience = ProbeClock.nanoseconds(answerSeconds)
        let end = clock.now + patience
        while !words.isComplete {
            guard try wait(POLLIN, until: end) != 0 else {
                // Of a service of which nothing is known, silence is an answer.
                if plan.speaks == .tcp { return }
                throw .silence
            }
            try hear()
        }
        if isRefused { throw .refusal }
    }

    private func putAll(_ bytes: [UInt8]) throws(ProbeEnding) {
        var left = bytes[...]
        while !left.isEmpty {
            let count = try put(left)
            left = left.dropFirst(count)
            if count == 0 { _ = try wait(POLLOUT, until: clock.now + 100_000_000) }
        }
    }

    private var answerSeconds: Double {
        guard plan.speaks == .tcp, plan.payload != nil else { return plan.answerSeconds }
        return min(plan.answerSeconds, max(0.25, 2 * (record.connectSeconds ?? 0)))
    }

    /// To content of other kinds than its own, a service may say what it likes.
    private var isRefused: Bool {
        let isOwn = plan.payload.map { $0.kind == .real } ?? true
        return words.isRefusal && (isOwn || plan.speaks != .http)
    }

    /// Says nothing for as long as the plan wants it.
    func idle() throws(ProbeEnding) {
        guard let seconds = plan.idleSeconds, seconds > 0 else { return }
        if plan.keepsAlive == true {
            // The kernel knows whole seconds.
            let every = max(1, Int(seconds / 3))
            SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, every)
            SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, every)
            SocketOption.set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        }
        let end = clock.now + ProbeClock.nanoseconds(seconds)
        while try wait(POLLIN, until: end) != 0 { try hear() }
    }

    /// Sends the content.
    func move() throws(ProbeEnding) {
        record.phase = .send
        kernel.expectProgress()
        if ServiceOpening(plan).questionIsContent { return }
        guard let payload = plan.payload else {
            let answer = ServiceOpening(plan).answer
            if !answer.isEmpty { _ = try put(answer[...]) }
            return
        }
        let content = ProbeContent(payload, of: plan)
        let start = clock.now
        var sent = 0
        var piece: ArraySlice<UInt8> = []
        while sent < payload.bytes {
            // Whoever ends the connection is heard while content goes out, too. An answer that comes before all is there does not
            // end it: most servers read on.
            try hearWhatIsThere()
            let allowed = allowance(payload, since: start)
            guard sent < allowed else {
                if try wait(POLLIN, until: clock.now + 3_000_000) != 0 { try hear() }
                continue
            }
            if piece.isEmpty {
                piece = content.bytes(at: sent, count: min(payload.bytes - sent, ProbeConnection.pieceSize))[...]
            }
            let count = try put(piece.prefix(allowed - sent))
            piece = piece.dropFirst(count)
            sent += count
            if count == 0 { _ = try wait(POLLOUT | POLLIN, until: clock.now + 100_000_000) }
            // The kernel's figures are looked at also if the socket always takes what it is given.
            _ = try wait(POLLIN, until: 0)
        }
    }

    private static let pieceSize = 32 << 10
    /// At a rate, at least a segment goes at once. The usual one, and the largest that Ethernet carries: that of a loopback is
    /// larger still, and would make bursts of a rate.
    private static let leastPiece = 1448
    private static let mostPiece = 8948

    private func allowance(_ payload: ProbePayload, since start: UInt64) -> Int {
        guard let rate = payload.bitsPerSecond else { return payload.bytes }
        let due = Int(Double(clock.now - start) / 1e9 * rate / 8)
        // In whole segments, so that a low rate does not make tiny ones.
        let segment = kernel.last?.sendSegment ?? 0
        let isLarge = segment > ProbeConnection.leastPiece && segment <= ProbeConnection.mostPiece
        let piece = isLarge ? segment : ProbeConnection.leastPiece
        return min(payload.bytes, (due / piece + 1) * piece)
    }

    /// Waits until all that was sent is acknowledged, and then as long as a late answer to it takes.
    func settle() throws(ProbeEnding) {
        while kernel.outstanding > 0, !words.mayClose {
            if try wait(POLLIN, until: clock.now + 10_000_000) != 0 { try hear() }
        }
        record.phase = .receive
        kernel.expectsProgress = false
        if plan.speaks == .http { return try hearStatus() }
        // A handshake that was late says nothing of the round trip.
        let measured = kernel.last?.roundTripSeconds ?? 0
        let roundTrip = measured > 0 ? measured : record.connectSeconds ?? 0
        let end = clock.now + ProbeClock.nanoseconds(min(roundTrip, 2) + 0.2)
        while try wait(POLLIN, until: end) != 0 { try hear() }
        if isRefused { throw .refusal }
    }

    private func hearStatus() throws(ProbeEnding) {
        let end = clock.now + ProbeClock.nanoseconds(plan.answerSeconds)
        while !words.isComplete {
            guard try wait(POLLIN, until: end) != 0 else { throw .silence }
            try hear()
        }
        if isRefused { throw .refusal }
    }
}
