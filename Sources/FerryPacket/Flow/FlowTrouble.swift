/// Something about a flow that a person should look at.
public struct FlowTrouble: Sendable {
    /// What it is, as a stable word.
    public enum Kind: String, Sendable, CaseIterable {
        /// A SYN was never answered.
        case unanswered
        /// A SYN was answered with a RST.
        case refused
        /// An ICMP error came.
        case icmpError
        /// Signs that somebody else ended it.
        case forgedEnd
        /// Ended by a RST after it was open.
        case reset
        /// Closed by the server before anybody sent data.
        case closedAtOnce
        /// Large segments are never acknowledged, small ones are.
        case largeSegmentsLost
        /// Data was sent again and again, and never acknowledged.
        case fellSilent
        /// Data was sent more than once.
        case retransmissions
        /// The first SYN was not answered, a later one was.
        case slowStart
        /// A SYN+ACK acknowledged something else.
        case wrongAnswer
        /// The receiver's window was zero.
        case receiverStalled
        /// The round trip grew under load.
        case delayGrew
        /// Segments came out of order.
        case reordering
        /// The capture itself has missed packets.
        case captureGaps
        /// Nobody sent anything for long, and then it was ended by a RST.
        case idleReset

        /// How much it weighs, the least first: what ends a connection does more than what slows it, and what the capture lacks
        /// says nothing of the connection.
        public var rank: Int {
            switch self {
            case .forgedEnd: 0
            case .reset, .idleReset, .closedAtOnce: 1
            case .refused, .icmpError: 2
            case .unanswered, .wrongAnswer: 3
            case .largeSegmentsLost, .fellSilent, .receiverStalled: 4
            case .slowStart, .retransmissions, .delayGrew, .reordering: 5
            case .captureGaps: 6
            }
        }

        /// One more than the last of all ranks.
        public static let rankOfNone = 7
    }

    /// What it is.
    public var kind: Kind
    /// It, as a sentence without a full stop.
    public var text: String
}

/// Numbers as people read them.
enum PacketText {
    /// A time with its unit: `1.5 s`, `30.4 ms`, `210 µs`.
    static func time(_ nanoseconds: Int64) -> String {
        switch abs(nanoseconds) {
        case 1_000_000_000...: decimal(Double(nanoseconds) / 1e9) + " s"
        case 1_000_000...: decimal(Double(nanoseconds) / 1e6) + " ms"
        default: "\(nanoseconds / 1000) µs"
        }
    }

    /// One decimal below a hundred, none from there on.
    private static func decimal(_ number: Double) -> String {
        let tenths = (number * 10).rounded()
        guard abs(tenths) < 1000 else { return "\(Int(number.rounded()))" }
        let whole = Int(abs(tenths)) / 10
        return (tenths < 0 ? "-" : "") + "\(whole).\(Int(abs(tenths)) % 10)"
    }

    /// `1 packet`, `2 packets`.
    static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
