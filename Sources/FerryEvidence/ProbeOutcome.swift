/// What a connection came to: the outcome alphabet, from best to worst as a connection goes on.
public enum ProbeOutcome: String, Codable, Sendable, CaseIterable {
    /// All went as it should.
    case ok = "OK"
    /// It works, and segments are lost.
    case slowLossy = "SLOW_LOSSY"
    /// It works, slower than the sender and without loss.
    case slowShaped = "SLOW_SHAPED"
    /// The handshake took as long as one lost request makes it take.
    case lateConnect = "LATE_CONNECT"
    /// It could not be sent: no port left, not permitted, no route of this host's own.
    case notSent = "NOT_SENT"
    /// No answer to the handshake.
    case synTimeout = "SYN_TIMEOUT"
    /// Refused sooner than an answer from the far end could be here.
    case refusedFast = "REFUSED_FAST"
    /// Refused.
    case refusedFull = "REFUSED_FULL"
    /// An ICMP error other than port unreachable.
    case icmp = "ICMP"
    /// Reset after the handshake, before anything was heard.
    case connectReset = "CONNECT_RST"
    /// Closed after the handshake, before anything was heard.
    case connectClosed = "CONNECT_FIN"
    /// Nothing heard after the handshake.
    case connectSilence = "CONNECT_SILENCE"
    /// Reset while content moved.
    case midReset = "MID_RST"
    /// Closed while content moved.
    case midClosed = "MID_FIN"
    /// Content is sent again and again, and not acknowledged.
    case midStall = "MID_STALL_RX"
    /// The receiver takes nothing more.
    case midStallAtReceiver = "MID_STALL_RWND"
    /// The service says that it will not.
    case applicationError = "APP_ERROR"
}

extension ProbeOutcome {
    /// Whether the connection did what it was for, however slowly.
    public var worked: Bool { [.ok, .slowLossy, .slowShaped, .lateConnect].contains(self) }
    /// Whether the handshake was not done.
    public var isBeforeHandshake: Bool {
        [.notSent, .synTimeout, .refusedFast, .refusedFull, .icmp].contains(self)
    }
}
