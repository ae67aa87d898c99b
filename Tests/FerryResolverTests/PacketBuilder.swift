import FerryAddress

@testable import FerryResolver

/// Builds answers byte by byte, right ones and wrong ones.
struct PacketBuilder {
    var bytes: [UInt8] = []

    /// An answer to `query` with `code` and so many answer records to follow.
    init(to query: [UInt8], code: UInt8 = 0, answers: Int, truncated: Bool = false) {
        bytes = Array(query[0..<2]) + [truncated ? 0x83 : 0x81, 0x80 | code, 0, 1]
        bytes += PacketBuilder.word(answers) + [0, 0, 0, 0] + query[12...]
    }

    static func word(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    mutating func record(_ type: Int, _ data: [UInt8], of name: [UInt8] = [0xC0, 12], secondsToLive: Int = 60) {
        bytes += name + PacketBuilder.word(type) + [0, 1, 0, 0] + PacketBuilder.word(secondsToLive)
        bytes += PacketBuilder.word(data.count) + data
    }

    /// The type asked for in `query`.
    static func type(_ query: [UInt8]) -> Int { Int(query[query.count - 4]) << 8 | Int(query[query.count - 3]) }

    /// The name asked for in `query`.
    static func questionName(_ query: [UInt8]) -> String {
        var reader = DNSReader(query)
        reader.position = 12
        return reader.name()?.description ?? ""
    }

    /// An honest answer with one address: `v4` to the question for A, `v6` to the one for AAAA.
    static func addresses(_ query: [UInt8], v4: [UInt8]? = [192, 0, 2, 1], v6: [UInt8]? = nil) -> [UInt8] {
        let data = type(query) == 1 ? v4 : v6
        var packet = PacketBuilder(to: query, answers: data == nil ? 0 : 1)
        if let data { packet.record(type(query), data) }
        return packet.bytes
    }
}
