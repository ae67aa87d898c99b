internal import FerryAddress

/// The TCP sockets of this network namespace, as /proc/net/tcp and /proc/net/tcp6 have them.
struct ConnectionTable {
    struct Row {
        var localPort: UInt16
        var remote: IPEndpoint
        /// As the kernel numbers it: 1 established, 10 listening.
        var state: Int
        /// Bytes that wait to be sent or acknowledged.
        var sendQueue: Int
        /// Bytes that wait to be read; of a listener, connections that wait to be accepted.
        var receiveQueue: Int
    }

    static let listening = 10

    let rows: [Row]

    /// What they have now; nil if they cannot be read.
    static func now() -> ConnectionTable? {
        let texts = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { ProcText.bytes($0) }
        return texts.isEmpty ? nil : ConnectionTable(rows: texts.flatMap(ConnectionTable.read))
    }

    static func read(_ text: [UInt8]) -> [Row] {
        text.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap(row)
    }

    /// `0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 ...`
    private static func row(_ line: ArraySlice<UInt8>) -> Row? {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        guard words.count >= 5, let local = endpoint(words[1]), let remote = endpoint(words[2]),
            let state = number(words[3])
        else { return nil }
        let queues = words[4].split(separator: UInt8(ascii: ":"))
        guard queues.count == 2, let send = number(queues[0]), let receive = number(queues[1]) else { return nil }
        return Row(localPort: local.port, remote: remote, state: state, sendQueue: send, receiveQueue: receive)
    }

    private static func endpoint(_ text: ArraySlice<UInt8>) -> IPEndpoint? {
        let parts = text.split(separator: UInt8(ascii: ":"))
        guard parts.count == 2, let port = number(parts[1]).flatMap({ UInt16(exactly: $0) }) else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[0]
        // Words of 32 bits in the order of the machine, as the kernel prints them.
        while rest.count >= 8 {
            guard let word = number(rest.prefix(8)) else { return nil }
            bytes += withUnsafeBytes(of: UInt32(word)) { Array($0) }
            rest = rest.dropFirst(8)
        }
        return IPAddress(bytes: bytes).map { IPEndpoint(unmapped($0), port: port) }
    }

    /// A socket for both families has IPv4 peers as ::ffff:a.b.c.d.
    private static func unmapped(_ address: IPAddress) -> IPAddress {
        if case .v6(0, let low, _) = address, low >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: low)) }
        return address
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 8 else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
