/// What a plain connection met: the words in which a diagnosis speaks of it.
public enum PlainOutcome: String, Sendable, Codable, CaseIterable {
    /// It connected, heard the service, and moved what it was to move.
    case ok = "OK"
    /// No answer to the handshake.
    case synTimeout = "SYN_TIMEOUT"
    /// A reset in answer to the handshake.
    case refused = "REFUSED"
    /// An ICMP error in answer to the handshake.
    case icmp = "ICMP"
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
    /// Content stopped moving.
    case midStall = "MID_STALL_RX"
}
