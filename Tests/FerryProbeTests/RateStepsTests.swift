import FerryAddress
import FerryCore
import FerryEvidence
import FerryProbe
import FerryResolver
import Testing

/// What is made of connections that offer one rate after another.
@Suite(.timeLimit(.minutes(5)))
struct RateStepsTests {
    /// A record of `seconds` at a rate of which `achieved` arrives, the round trip as given.
    private func record(
        offered: Double,
        achieved: Double,
        roundTrip: [Double],
        resent: Double = 0,
        outcome: ProbeOutcome = .ok,
        receiverLimited: Double = 0
    ) -> ProbeRecord {
        var plan = ProbePlan(id: "r1", vantage: "here", host: "192.0.2.1", port: 9, speaks: .tcp)
        plan.payload = ProbePayload(.random, bytes: Int(offered / 8 * 5), bitsPerSecond: offered)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = outcome
        var shaken = TCPFacts(seconds: 0.03)
        shaken.roundTripSeconds = 0.03
        shaken.bytesAcknowledged = 0
        // A silence until the service was heard counts for nothing.
        var samples = [shaken]
        for index in 0..<50 {
            var sample = TCPFacts(seconds: 1 + Double(index) / 10)
            sample.roundTripSeconds = roundTrip[index * roundTrip.count / 50]
            sample.leastRoundTripSeconds = 0.03
            sample.bytesAcknowledged = 2000 + Int(achieved / 80 * Double(index))
            sample.bytesSent = 1_000_000
            sample.bytesRetransmitted = Int(1_000_000 * resent)
            sample.busySeconds = 5
            sample.receiverLimitedSeconds = 5 * receiverLimited
            samples.append(sample)
        }
        record.samples = samples
        record.tcp = samples.last
        record.bytesAcknowledged = samples.last?.bytesAcknowledged
        return record
    }

    private func step(
        _ offered: Double,
        _ achieved: Double,
        _ roundTrip: [Double] = [0.031],
        resent: Double = 0,
        outcome: ProbeOutcome = .ok,
        receiverLimited: Double = 0
    ) -> RateStep {
        let record = record(
            offered: offered * 1e6,
            achieved: achieved * 1e6,
            roundTrip: roundTrip,
            resent: resent,
            outcome: outcome,
            receiverLimited: receiverLimited
        )
        return RateStep(record, offered: .megabits(UInt64(offered)))
    }

    @Test func stepHasWhatItsSamplesSay() throws {
        let step = step(20, 10, [0.03, 0.03, 0.08, 0.09, 0.2], resent: 0.02)
        #expect(abs((step.achievedBitsPerSecond ?? 0) / 10e6 - 1) < 0.001)
        #expect(abs((step.seconds ?? 0) - 4.9) < 0.001)
        #expect(step.unloadedRoundTripSeconds == 0.03)
        #expect(step.loadedRoundTripSeconds == 0.08 && step.loadedRoundTrip95Seconds == 0.2)
        #expect(step.samples == 50 && step.retransmittedShare == 0.02)
        #expect(!step.isKept && abs((step.queueSeconds ?? 0) - 0.05) < 1e-9)
        #expect(abs((step.queueBytes ?? 0) - 62_500) < 100)
        let json = JSONValue(encoding: step).json
        let read = try JSONValue(parsing: json, from: "itself").decoded(as: RateStep.self, from: "itself")
        #expect(read.offeredBitsPerSecond == 20e6 && read.outcome == .ok)
    }

    @Test func recordWithoutSamplesSaysNothingMore() {
        let plan = ProbePlan(id: "r1", vantage: "here", host: "192.0.2.1", port: 9, speaks: .tcp)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = .synTimeout
        let step = RateStep(record, offered: .megabits(5))
        #expect(step.achievedBitsPerSecond == nil && step.loadedRoundTripSeconds == nil && step.samples == 0)
        #expect(RateStepsVerdict([step]).limit == .ended)
    }

    @Test func whatFollowsIsNotLimited() {
        let verdict = RateStepsVerdict([step(5, 5), step(20, 19.2)])
        #expect(verdict.limit == .none && verdict.broken == nil && verdict.delayed == nil)
        #expect(verdict.kept?.offeredBitsPerSecond == 20e6)
    }

    @Test func growingRoundTripIsAQueue() {
        let verdict = RateStepsVerdict([step(5, 5), step(20, 8, [0.03, 0.3, 0.35], resent: 0.01)])
        #expect(verdict.limit == .queue)
        #expect(verdict.kept?.offeredBitsPerSecond == 5e6 && verdict.broken?.offeredBitsPerSecond == 20e6)
    }

    @Test func lossWithoutGrowthIsAPolicer() {
        #expect(RateStepsVerdict([step(5, 5), step(20, 8, resent: 0.03)]).limit == .drops)
    }

    @Test func lossAtEveryRateIsNotThePolicers() {
        let steps = [step(5, 4.9, resent: 0.02), step(20, 8, resent: 0.03)]
        #expect(RateStepsVerdict(steps).limit == .loss)
    }

    @Test func withoutLossAndQueueItIsTheReceiverOrNotThePath() {
        #expect(RateStepsVerdict([step(20, 8, receiverLimited: 0.8)]).limit == .receiver)
        #expect(RateStepsVerdict([step(20, 8)]).limit == .unknown)
    }

    @Test func endOutweighsWhatDidNotFollow() {
        let verdict = RateStepsVerdict([step(5, 5), step(20, 8, [0.4]), step(50, 8, outcome: .midReset)])
        #expect(verdict.limit == .ended)
        #expect(verdict.kept?.offeredBitsPerSecond == 5e6 && verdict.broken?.offeredBitsPerSecond == 50e6)
    }

    @Test func hiccupBelowAFastStepIsNone() {
        let verdict = RateStepsVerdict([step(5, 3, [0.2]), step(20, 19.5), step(50, 20, resent: 0.03)])
        #expect(verdict.limit == .drops && verdict.delayed == nil)
        #expect(verdict.kept?.offeredBitsPerSecond == 20e6 && verdict.broken?.offeredBitsPerSecond == 50e6)
    }

    @Test func busyMomentsOfAMachineAreNoQueue() {
        let times = [Double](repeating: 0.031, count: 9) + [0.4]
        #expect(step(5, 5, times).queueSeconds == nil)
        #expect(step(5, 5, times).loadedRoundTrip95Seconds == 0.4)
    }

    @Test func queueIsToldAlsoWhereAllArrives() {
        let verdict = RateStepsVerdict([step(5, 5), step(20, 19.5, [0.03, 0.12, 0.12])])
        #expect(verdict.limit == .none && verdict.delayed?.offeredBitsPerSecond == 20e6)
    }

    @Test func ratesAreReadWithShortAndLongUnits() throws {
        let plan = try RateStepsPlan(parsing: "800k,5M,20Mbit/s,1G", stepSeconds: 2)
        #expect(plan.rates.map(\.bitsPerSecond) == [800_000, 5_000_000, 20_000_000, 1_000_000_000])
        #expect(plan.bytes == ByteCount(200_000 + 1_250_000 + 5_000_000 + 250_000_000 as UInt64))
        #expect(plan.leastSeconds == 11 && plan.mostSeconds == 23)
        let template = ProbePlan(id: "r1", vantage: "here", host: "192.0.2.1", port: 9, speaks: .tcp)
        let probe = plan.probe(template, at: .megabits(5), kind: .random)
        #expect(probe.payload?.bytes == 1_250_000 && probe.payload?.bitsPerSecond == 5e6)
        #expect(probe.limitSeconds < 15)
    }

    @Test(
        arguments: [
            ("", 5, "input.quantity"), ("5", 5, "input.quantity"), ("5M,", 5, "input.quantity"),
            ("5M,x", 5, "input.quantity"),
            ("20M,5M", 5, "probe.rate-steps"), ("5M,5M", 5, "probe.rate-steps"), ("5M", 1, "probe.rate-steps"),
            ("5M", 61, "probe.rate-steps"), ("5M", .nan, "probe.rate-steps"), ("20G", 5, "probe.rate-steps"),
            ("9G,10G", 60, "probe.rate-steps"),
            ((1...21).map { "\($0)M" }.joined(separator: ","), 5, "probe.rate-steps"),
        ] as [(String, Double, String)]
    )
    func ratesThatCannotBeUsedAreRefused(_ text: String, _ seconds: Double, _ code: String) {
        #expect {
            try RateStepsPlan(parsing: text, stepSeconds: seconds)
        } throws: {
            ($0 as? FerryError)?.code.text == code
        }
    }

    @Test func stepOfARealConnectionIsMeasured() async throws {
        let service = LocalService(.greets)
        let steps = try RateStepsPlan(parsing: "4M", stepSeconds: 2)
        let template = ProbePlan(id: "r1", vantage: "here", host: "127.0.0.1", port: service.port, speaks: .rsync)
        let plan = steps.probe(template, at: .megabits(4), kind: .random)
        let record = await ProbeRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        withExtendedLifetime(service) {}
        let step = RateStep(record, offered: .megabits(4))
        #expect(step.outcome == .ok && step.bytesAcknowledged == 1_000_000)
        #expect(step.achievedBitsPerSecond ?? 0 > 0 && step.loadedRoundTripSeconds ?? 0 > 0)
        #expect(step.retransmittedShare == 0)
    }
}
