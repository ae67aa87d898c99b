/// What a plain connection met: the words in which a diagnosis speaks of it.
public enum PlainOutcome: String, Sendable, Codable, CaseIterable {
    /// It connected, heard the service, and moved what it was to move.
    case ok = "OK"
    /// It did, but more of it had to be sent again than is usual.
    case slowLossy = "SLOW_LOSSY"
    /// It did, but slower than it should, with little sent again.
    case slowShaped = "SLOW_SHAPED"
    /// It connected a second late or more: the first attempt at the handshake was lost.
    case lateConnect = "LATE_CONNECT"
    /// No answer to the handshake.
    case synTimeout = "SYN_TIMEOUT"
    /// A reset in answer to the handshake, and it is not known how long an answer from the far end takes.
    case refused = "REFUSED"
    /// A reset in answer to the handshake, in less than half the time that an answer from the far end takes.
    case refusedFast = "REFUSED_FAST"
    /// A reset in answer to the handshake, after that time.
    case refusedFull = "REFUSED_FULL"
    /// An ICMP error in answer to the handshake.
    case icmp = "ICMP"
    /// The node itself did not let it begin.
    case notSent = "NOT_SENT"
    /// A reset after the handshake, before the service said anything.
    case connectReset = "CONNECT_RST"
    /// A close after the handshake, before the service said anything.
    case connectClosed = "CONNECT_FIN"
    /// The handshake was answered, and then nothing.
    case connectSilence = "CONNECT_SILENCE"
    /// A reset while content moved.
    case midReset = "MID_RST"
    /// A close while content moved.
    case midClosed = "MID_FIN"
    /// Content stopped moving: it was sent again and again.
    case midStall = "MID_STALL_RX"
    /// Content stopped moving: the far end takes no more.
    case midStallAtReceiver = "MID_STALL_RWND"
    /// The service said an error in its own words.
    case appError = "APP_ERROR"

    /// Whether the outcome is what `other` says: a refusal is one, whether or not it was fast.
    public func agrees(with other: PlainOutcome) -> Bool {
        self == other || (other == .refused && [.refusedFast, .refusedFull].contains(self))
    }
}
