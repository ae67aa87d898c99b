/// What can be seen of a plain connection beside what became of it.
public enum PlainEvidence: String, Sendable, Codable, CaseIterable {
    /// The handshake took less than half the time that an answer from the far end takes: somebody nearer has answered.
    case shortHandshake = "short-handshake"
    /// The handshake took half as long again as an answer from the far end takes.
    case longHandshake = "long-handshake"
    /// Packets came in another order than they were sent.
    case reordering
    /// The far end takes no selective acknowledgements, though this one does.
    case noSack = "no-sack"
    /// The far end scales no windows, though this one does.
    case noWindowScale = "no-window-scale"
    /// The far end had no room for most of the time.
    case receiverLimited = "receiver-limited"
}
