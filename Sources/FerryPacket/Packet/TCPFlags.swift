/// The flags of a TCP header.
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// The bits as in the header: FIN is 1, NS is 256.
    public var rawValue: UInt16

    /// The flags with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// No more data from the sender.
    public static let fin = TCPFlags(rawValue: 1)
    /// Opens a connection.
    public static let syn = TCPFlags(rawValue: 2)
    /// Ends a connection at once.
    public static let rst = TCPFlags(rawValue: 4)
    /// The receiver should hand on what it has.
    public static let psh = TCPFlags(rawValue: 8)
    /// The acknowledgement number counts.
    public static let ack = TCPFlags(rawValue: 16)
    /// The urgent pointer counts.
    public static let urg = TCPFlags(rawValue: 32)
    /// Congestion was seen, or in a SYN: ECN is wanted.
    public static let ece = TCPFlags(rawValue: 64)
    /// The congestion window was reduced, or in a SYN: ECN is wanted.
    public static let cwr = TCPFlags(rawValue: 128)
    /// The nonce bit of an experiment that has ended, now of accurate ECN.
    public static let nonce = TCPFlags(rawValue: 256)
}

extension TCPFlags: CustomStringConvertible {
    /// The names that people use, joined by `+`: `SYN+ACK`; `none` without any.
    public var description: String {
        let names: [(TCPFlags, String)] = [
            (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"), (.ece, "ECE"),
            (.cwr, "CWR"), (.nonce, "NS"),
        ]
        let present = names.filter { contains($0.0) }.map(\.1)
        return present.isEmpty ? "none" : present.joined(separator: "+")
    }
}
