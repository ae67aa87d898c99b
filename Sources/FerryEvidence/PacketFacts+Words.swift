extension PacketFacts {
    private static let names: [Character: String] = [
        "S": "SYN", "A": "ACK", "F": "FIN", "R": "RST", "P": "PSH", "U": "URG", "E": "ECE", "C": "CWR",
    ]

    /// Its flags as everybody writes them, as `RST+ACK`: the one that tells most first.
    public var flagNames: String {
        let order = Array("SRFPAUEC")
        let known = flags.sorted { (order.firstIndex(of: $0) ?? 9) < (order.firstIndex(of: $1) ?? 9) }
        return known.compactMap { PacketFacts.names[$0] }.joined(separator: "+")
    }
}
