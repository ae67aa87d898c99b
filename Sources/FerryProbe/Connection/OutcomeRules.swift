internal import FerryEvidence
internal import Glibc

/// What a connection has come to, from how it ended and what was seen of it.
struct OutcomeRules {
    let plan: ProbePlan
    let phase: ProbeRecord.Phase
    let hasHeard: Bool
    let words: ServiceWords
    let wasLate: Bool
    let requestsAgain: Int
    let icmp: ICMPFacts?
    let kernel: TCPFacts?

    /// - Parameter seconds: from the beginning of the handshake to the end.
    func outcome(_ ending: ProbeEnding?, after seconds: Double) -> ProbeOutcome {
        guard let ending else { return worked }
        if phase == .resolve { return .notSent }
        if phase == .connect { return beforeHandshake(ending, seconds) }
        switch ending {
        case .refusal: return .applicationError
        case .closed:
            if words.mayClose { return words.isRefusal ? .applicationError : worked }
            if words.isRefusal { return .applicationError }
            return isBeforeFirstWord ? .connectClosed : .midClosed
        case .failed(let number):
            if words.mayClose { return words.isRefusal ? .applicationError : worked }
            if words.isRefusal { return .applicationError }
            // EPIPE: the peer had closed before it reset.
            if number == EPIPE { return isBeforeFirstWord ? .connectClosed : .midClosed }
            if number == ECONNRESET { return isBeforeFirstWord ? .connectReset : .midReset }
            return isBeforeFirstWord ? .connectSilence : stall
        case .silence: return .connectSilence
        case .stall:
            // Who has answered need not read on; what is still on its way is another matter.
            guard words.mayClose, stall == .midStallAtReceiver else { return stall }
            return words.isRefusal ? .applicationError : worked
        case .limit, .stopped:
            if phase == .greeting { return .connectSilence }
            return isLossy ? .slowLossy : .slowShaped
        }
    }

    private var isBeforeFirstWord: Bool { phase == .greeting && !hasHeard }

    private func beforeHandshake(_ ending: ProbeEnding, _ seconds: Double) -> ProbeOutcome {
        guard case .failed(let number) = ending else { return .synTimeout }
        switch number {
        case ETIMEDOUT: return .synTimeout
        case ECONNREFUSED:
            guard let reference = plan.referenceRoundTripSeconds else { return .refusedFull }
            return seconds < reference / 2 ? .refusedFast : .refusedFull
        case ECONNRESET: return .connectReset
        case EPIPE: return .connectClosed
        default: return icmp == nil ? .notSent : .icmp
        }
    }

    /// Either nobody acknowledges what was sent, or all that was sent is, and the far end has no room for more.
    private var stall: ProbeOutcome {
        guard let kernel else { return .midStall }
        let isInFlight = (kernel.unacknowledged ?? 1) > 0
        let isWaiting = (kernel.bytesNotSent ?? 0) > 0
        return !isInFlight && isWaiting ? .midStallAtReceiver : .midStall
    }

    private var worked: ProbeOutcome {
        if wasLate { return .lateConnect }
        return isLossy ? .slowLossy : .ok
    }

    private var isLossy: Bool {
        guard let kernel, let again = kernel.totalRetransmits, again - requestsAgain >= 5 else { return false }
        if let bytes = kernel.bytesRetransmitted, let sent = kernel.bytesSent {
            return Double(bytes) >= 0.01 * Double(max(1, sent))
        }
        return Double(again - requestsAgain) >= 0.01 * Double(max(1, kernel.dataSegmentsOut ?? 1))
    }
}
