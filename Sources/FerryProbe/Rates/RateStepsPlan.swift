public import FerryCore
public import FerryEvidence

extension ErrorCode {
    /// The rates or the times of `--rate-steps` cannot be used.
    public static let probeRateSteps = ErrorCode("probe.rate-steps", .input)
}

/// One connection for each of several rates, one after another, each faster than the one before.
public struct RateStepsPlan: Sendable, Equatable {
    /// The rates that are offered, rising.
    public let rates: [BitRate]
    /// Seconds for which each is offered.
    public let stepSeconds: Double

    /// More rows than anybody reads.
    public static let mostSteps = 20
    /// What a step may last. Below it there are too few samples (one each 100 ms) to have a 95th percentile; a minute is as
    /// long as samples are kept.
    public static let seconds = 2.0...60
    /// The fastest rate that a connection of one thread has been seen to offer on an ordinary machine.
    public static let fastest = BitRate.megabits(10_000)
    /// The most that all steps may send.
    public static let mostBytes = ByteCount.gibibytes(64)

    /// Between two steps, so that what stands in a queue has gone before the next is measured.
    public static let pauseSeconds = 1.0
    /// What a step takes beyond its time at the most: the handshake and the greeting, and what has not arrived at its end.
    public static let restSeconds = 3.0

    /// Steps at `rates`, for `stepSeconds` each.
    /// - Throws: `FerryError` with `ErrorCode.probeRateSteps` if there are none or too many, if they do not rise, or if they
    ///   would send more than `mostBytes`.
    public init(_ rates: [BitRate], stepSeconds: Double) throws(FerryError) {
        self.rates = rates
        self.stepSeconds = stepSeconds
        if let (cause, advice) = problem {
            let text = rates.map { "\($0)" }.joined(separator: ", ")
            throw FerryError(
                .probeRateSteps,
                operation: "offer",
                subject: "the rates \(text.isEmpty ? "of an empty list" : text)",
                cause: cause,
                advice: advice
            )
        }
    }

    /// Reads rates with commas between them, as `5M,20M` or `5Mbit/s,20Mbit/s`: `k`, `M` and `G` stand for kbit/s, Mbit/s and
    /// Gbit/s.
    /// - Throws: `FerryError` with `ErrorCode.badQuantity` or `ErrorCode.probeRateSteps`.
    public init(parsing text: String, stepSeconds: Double) throws(FerryError) {
        var rates: [BitRate] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false).prefix(RateStepsPlan.mostSteps + 1) {
            let isShort = word.last.map { "kMG".contains($0) } ?? false
            rates.append(try BitRate(parsing: isShort ? "\(word)bit/s" : String(word)))
        }
        try self.init(rates, stepSeconds: stepSeconds)
    }

    private var problem: (cause: String, advice: String)? {
        if rates.isEmpty { return ("there is none", "Name one at least, as 5M,20M,50M.") }
        if rates.count > RateStepsPlan.mostSteps {
            return ("there are more than \(RateStepsPlan.mostSteps)", "Leave some out.")
        }
        if !zip(rates, rates.dropFirst()).allSatisfy(<) {
            return ("each has to be faster than the one before", "Write them in rising order, each once.")
        }
        if let last = rates.last, last > RateStepsPlan.fastest {
            return ("\(last) is more than one connection can offer", "Name \(RateStepsPlan.fastest) at the most.")
        }
        let range = RateStepsPlan.seconds
        if !range.contains(stepSeconds) {
            let limits = "\(Int(range.lowerBound)) to \(Int(range.upperBound)) s"
            return ("a step has to last from \(limits)", "Name a time within that with --step-seconds.")
        }
        if bytes > RateStepsPlan.mostBytes {
            return (
                "that would send \(bytes), and \(RateStepsPlan.mostBytes) is the most",
                "Take lower rates, fewer of them, or fewer --step-seconds."
            )
        }
        return nil
    }

    /// Content of one step in bytes.
    public func bytes(of rate: BitRate) -> ByteCount {
        ByteCount(UInt64((rate.bytesPerSecond * stepSeconds).rounded(.up)))
    }

    /// Content of all steps in bytes. What the kernel sends again comes on top of it.
    public var bytes: ByteCount { rates.reduce(.zero) { $0 + bytes(of: $1) } }

    /// Seconds that all of it takes where the path carries what is offered.
    public var leastSeconds: Double {
        Double(rates.count) * stepSeconds + Double(rates.count - 1) * RateStepsPlan.pauseSeconds
    }

    /// Seconds that all of it takes at the most.
    public var mostSeconds: Double { leastSeconds + Double(rates.count) * RateStepsPlan.restSeconds }

    /// What the step at `rate` does, as a change of `plan`, which says where to and by which words.
    public func probe(_ plan: ProbePlan, at rate: BitRate, kind: ProbePayload.Kind) -> ProbePlan {
        var plan = plan
        plan.payload = ProbePayload(kind, bytes: bytes(of: rate).int, bitsPerSecond: Double(rate.bitsPerSecond))
        plan.limitSeconds = stepSeconds + RateStepsPlan.restSeconds
        return plan
    }
}
