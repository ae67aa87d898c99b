internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What a service has said, as far as a probe understands it.
struct ServiceWords {
    private let speaks: ServiceProtocol
    private(set) var bytes: [UInt8] = []

    init(_ speaks: ServiceProtocol) { self.speaks = speaks }

    mutating func hear(_ more: some Collection<UInt8>) { bytes += more.prefix(max(0, 4096 - bytes.count)) }

    /// Whether the first word was said to its end.
    var isComplete: Bool {
        switch speaks {
        case .rsync, .http: bytes.contains(UInt8(ascii: "\n")) || bytes.count >= 512
        case .tls, .ferry: bytes.count >= 6
        case .tcp: !bytes.isEmpty
        }
    }

    /// Whether it says that it will not.
    var isRefusal: Bool {
        switch speaks {
        case .rsync: text.contains("@ERROR")
        case .tls, .ferry: bytes.first == 0x15
        case .http:
            httpStatus.map { (400..<600).contains($0) && ![404, 405, 501].contains($0) } ?? false
        case .tcp: false
        }
    }

    /// Whether whoever said it may close: it has answered all that was asked.
    var mayClose: Bool { speaks == .http && httpStatus != nil }

    /// The client's address and port as the service says that it sees them.
    var observedSource: String? {
        guard speaks == .http else { return nil }
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            guard line[..<colon].lowercased() == ObservedSource.field.lowercased() else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            // A stranger's word: nothing but an address and a port is taken from it.
            return IPEndpoint(parsing: String(value)).map { "\($0)" }
        }
        return nil
    }

    private var httpStatus: Int? {
        let words = text.prefix(40).split(separator: " ")
        return words.count >= 2 && words[0].hasPrefix("HTTP/") ? Int(words[1].prefix(3)) : nil
    }

    private var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The first words, printable.
    var printable: String? {
        guard !bytes.isEmpty else { return nil }
        if speaks == .tls || speaks == .ferry, [0x14, 0x15, 0x16, 0x17].contains(bytes[0]) {
            let kinds: [UInt8: String] = [0x14: "change", 0x15: "alert", 0x16: "handshake", 0x17: "data"]
            let number = bytes.count >= 7 && bytes[0] == 0x15 ? " \(bytes[6])" : ""
            return "TLS \(kinds[bytes[0]] ?? "")\(number)"
        }
        return bytes.prefix(200).map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : $0 == 10 ? " " : "·" }
            .joined()
    }
}
