internal import FerryAddress
internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// One connection that is opened to be measured. Lives on its event loop.
final class LaneTrial {
    private let eventLoop: any EventLoop
    private let promise: EventLoopPromise<EndpointMeasurement>
    private let job: JobID?
    private let budget: WireBudget?
    private var measurement: EndpointMeasurement
    private var lane: Lane?
    private var filler = ByteBuffer()
    private var askedAt = (monotonic: NIODeadline.now(), wall: UTCTime.now())
    private var questions: UInt64 = 0
    private var sent = 0
    /// When no more is sent; nil until the round trips were measured.
    private var end: NIODeadline?
    private var begun = NIODeadline.now()
    private var samples: [(bytes: UInt64, microseconds: UInt64)] = []
    private var lastAnswer = NIODeadline.now()
    private var isWaitingForSign = false
    private var isOver = false
    private var watch: Scheduled<Void>?

    /// Round trips that are measured, after a first that also looks for the job.
    private static let roundTrips = 10
    /// No more of them are begun when the connection is so old.
    private static let longestAsking = TimeAmount.seconds(20)
    /// Bytes of the first questions that measure the rate: small enough for several to arrive in time on the slowest
    /// link. Where that goes well, those after the first 1 MiB are as long as they may be, and so fewer.
    private static let shortFiller = 8192
    /// So much is sent at the most, or for so long.
    private static let longest = TimeAmount.seconds(3)
    /// How much may wait for the socket.
    private static let mostOutstanding = 256 << 10
    /// The end of the year 9999: a clock that claims more is compared as if it were that.
    private static let latestClock: Int64 = 253_402_300_799_000_000
    /// A staging server that says nothing for so long is taken for silent.
    private static let patience = TimeAmount.seconds(10)

    init(_ measurement: EndpointMeasurement, job: JobID?, rate: BitRate?, eventLoop: any EventLoop) {
        self.measurement = measurement
        self.job = job
        self.eventLoop = eventLoop
        budget = rate.map(WireBudget.init)
        promise = eventLoop.makePromise(of: EndpointMeasurement.self)
    }

    /// What the trial came to, once it is over.
    var result: EventLoopFuture<EndpointMeasurement> { promise.futureResult }

    func begin(_ target: IPEndpoint, _ openLane: LaneOpening) {
        do {
            let address = try SocketAddress(ipAddress: target.address.description, port: Int(target.port))
            openLane(
                address,
                budget,
                Lane.Callbacks(
                    onOpen: { [self] lane, _ in opened(lane) },
                    onFrame: { [self] _, frame in hear(frame) },
                    onDrain: { [self] _ in pump() },
                    onEnd: { [self] end in ended(end) }
                )
            )
        } catch {
            fail(.connect, .wrapping(error, "\(target)"), nil)
        }
    }

    // MARK: Round trips

    private func opened(_ lane: Lane) {
        self.lane = lane
        measurement.source = lane.local
        measurement.handshake = .nanoseconds((NIODeadline.now() - lane.openedAt).nanoseconds)
        ask(Measure(token: questions, job: job?.name ?? ""))
    }

    private func ask(_ question: Measure) {
        watchSilence()
        askedAt = (.now(), .now())
        lane?.send(.measure(question))
    }

    private func hear(_ frame: Frame) {
        do {
            switch try StagingMessage(frame) {
            case .measured(let measured): heard(measured)
            case .refuse(let refusal): refused(refusal)
            default: break
            }
        } catch {
            fail(.ferry, .wrapping(error, "\(measurement.endpoint)"), nil)
        }
    }

    private func heard(_ measured: Measured) {
        guard end == nil else { return counted(measured) }
        guard measured.token == questions else { return }
        let roundTrip = Duration.nanoseconds((NIODeadline.now() - askedAt.monotonic).nanoseconds)
        if questions == 0 {
            lane?.phase = .transfer
            measurement.release = measured.release
            measurement.version = measured.version
            measurement.observed = measured.observedAddress
            measurement.owner = LaneTrial.owner(measured.owner)
        } else {
            measurement.roundTrips.append(roundTrip)
            note(measured.clock, roundTrip)
        }
        questions += 1
        let age = (lane?.openedAt).map { NIODeadline.now() - $0 } ?? .zero
        if questions <= LaneTrial.roundTrips, age < LaneTrial.longestAsking { return ask(Measure(token: questions)) }
        beginFilling()
    }

    private static func owner(_ owner: JobOwner) -> EndpointMeasurement.Owner? {
        switch owner {
        case .notAsked: nil
        case .nobody: .nobody
        case .thisAgent: .thisAgent
        case .anotherAgent: .anotherAgent
        }
    }

    /// Of all looks at the other clock the quickest says most.
    private func note(_ server: UTCTime, _ roundTrip: Duration) {
        if let clock = measurement.clock, clock.roundTrip <= roundTrip { return }
        let server = UTCTime(microseconds: min(max(0, server.microseconds), LaneTrial.latestClock))
        let half = Int64(roundTrip / .microseconds(1)) / 2
        measurement.clock = (server, UTCTime(microseconds: askedAt.wall.microseconds + half), roundTrip)
    }

    // MARK: Rate

    private func beginFilling() {
        watch?.cancel()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<(Measure.longestFiller / 8) { filler.writeInteger(generator.next()) }
        begun = .now()
        end = begun + LaneTrial.longest
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: LaneTrial.longest) { bound.value.timeIsUp() }
        pump()
    }

    private func pump() {
        guard let lane, let end, !isOver else { return }
        while lane.outstanding < LaneTrial.mostOutstanding, sent < Measure.mostFiller.int, NIODeadline.now() < end {
            let length = sent < 1 << 20 ? LaneTrial.shortFiller : Measure.longestFiller
            guard let part = filler.getSlice(at: filler.readerIndex, length: length) else { return }
            sent += length
            lane.send(.measure(Measure(token: questions, filler: part)))
            questions += 1
        }
    }

    private func counted(_ measured: Measured) {
        let last = samples.last ?? (0, 0)
        guard measured.bytes > last.bytes, measured.bytes <= UInt64(sent), measured.microseconds >= last.microseconds
        else {
            return fail(
                .transfer,
                .unexpected(
                    "a measurement of the way to \(measurement.endpoint)",
                    "\(measured.bytes) bytes after \(measured.microseconds) µs follow \(last.bytes) after "
                        + "\(last.microseconds) µs, and \(sent) bytes were sent"
                ),
                nil
            )
        }
        samples.append((measured.bytes, measured.microseconds))
        lastAnswer = .now()
        if measured.bytes >= Measure.mostFiller.bytes || isWaitingForSign { finish() }
    }

    /// Ends the measurement, unless the connection may have been cut without a word: that takes longer to know.
    private func timeIsUp() {
        let arrived = samples.last?.bytes ?? 0
        guard arrived < UInt64(sent), NIODeadline.now() - lastAnswer > .seconds(1) else { return finish() }
        isWaitingForSign = true
        watchSilence()
    }

    private func measuredRate() -> EndpointMeasurement.Rate? {
        guard let first = samples.first, let last = samples.last, last.bytes > first.bytes else { return nil }
        // A connection begins slowly; the second half of what arrived tells how fast it becomes.
        let middle = samples.first { $0.bytes - first.bytes >= (last.bytes - first.bytes) / 2 } ?? first
        let from = samples.count >= 8 && last.microseconds > middle.microseconds ? middle : first
        guard last.microseconds > from.microseconds else { return nil }
        let bits = Double(last.bytes - from.bytes) * 8 * 1e6 / Double(last.microseconds - from.microseconds)
        return EndpointMeasurement.Rate(
            // At most 16 MiB in a microsecond.
            rate: BitRate(bitsPerSecond: UInt64(bits)),
            sent: ByteCount(sent),
            seconds: Double((NIODeadline.now() - begun).nanoseconds) / 1e9
        )
    }

    // MARK: Ends

    private func finish() {
        guard !isOver, let lane, lane.channel.isActive else { return }
        isOver = true
        watch?.cancel()
        measurement.rate = measuredRate()
        lane.sampleTCP()
        let isDrained = (samples.last?.bytes ?? 0) == UInt64(sent)
        let bound = NIOLoopBound(lane, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(20)) {
            // What still waits need not arrive any more.
            bound.value.close(closedBy: isDrained ? .us : .nobody)
        }
    }

    private func refused(_ refusal: Refusal) {
        let error = FerryError(
            ErrorCode(refusal.code, .failure),
            operation: "measure",
            subject: "the way to \(measurement.endpoint)",
            cause: refusal.text,
            advice: refusal.advice,
            retry: refusal.mayRetry ? .later : .permanent
        )
        // What passes by itself, such as having measured too much, says nothing against the endpoint.
        if end != nil || refusal.mayRetry {
            measurement.rateFailure = error
            return finish()
        }
        fail(.ferry, error, nil)
    }

    private func ended(_ end: LaneEnd) {
        measurement.tcp = end.tcp
        lane = nil
        if isOver { return promise.succeed(measurement) }
        let error =
            end.error
            ?? FerryError(
                .laneEnded,
                operation: "measure",
                subject: "the way to \(measurement.endpoint)",
                cause: "the connection was closed",
                advice: "Try again.",
                retry: .reconnect
            )
        let step: EndpointMeasurement.Step =
            switch end.phase {
            case .connect: .connect
            case .tls: .tls
            // In TLS 1.3 the other side says that it does not trust us when we think that all is well.
            case .hello: error.code == .tlsRefusedByPeer ? .tls : .ferry
            case .transfer: self.end == nil ? .ferry : .transfer
            }
        fail(step, error, end)
    }

    private func fail(_ step: EndpointMeasurement.Step, _ error: FerryError, _ end: LaneEnd?) {
        guard !isOver else { return }
        isOver = true
        watch?.cancel()
        measurement.failure = EndpointMeasurement.Failure(
            step: step,
            error: error,
            end: end,
            arrived: ByteCount(samples.last?.bytes ?? 0)
        )
        if let lane, lane.channel.isActive { return lane.close(error) }
        promise.succeed(measurement)
    }

    private func watchSilence() {
        watch?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        watch = eventLoop.scheduleTask(in: LaneTrial.patience) {
            bound.value.lane?.close(
                FerryError(
                    .peerSilent,
                    operation: "measure",
                    subject: "the way to \(bound.value.measurement.endpoint)",
                    cause: "nothing came for \(LaneTrial.patience.nanoseconds / 1_000_000_000) s",
                    advice: "Something on the way lets handshakes through and nothing else.",
                    retry: .reconnect
                ),
                closedBy: .nobody
            )
        }
    }
}
