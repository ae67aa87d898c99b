import FerryAddress
import FerryCore
import Testing

@testable import FerryResolver

@Suite struct TruncatedAnswerTests {
    private static func stream(_ message: [UInt8]) -> [UInt8] { PacketBuilder.word(message.count) + message }

    private static func many(_ query: [UInt8]) -> [UInt8] {
        guard PacketBuilder.type(query) == 1 else { return PacketBuilder(to: query, answers: 0).bytes }
        var packet = PacketBuilder(to: query, answers: 200)
        for index in 0..<200 { packet.record(1, [192, 0, 2, UInt8(index)]) }
        return packet.bytes
    }

    @Test func `an answer too long for a datagram is fetched over TCP`() throws {
        try withNameServer { query in
            .init(
                datagrams: [PacketBuilder(to: query, answers: 9, truncated: true).bytes],
                stream: Self.stream(Self.many(query))
            )
        } _: { resolver, _ in
            try #expect(resolver.addresses(of: "staging.example.com").count == 200)
        }
    }

    @Test func `what did fit is used when TCP gives nothing`() throws {
        try withNameServer { query in
            var packet = PacketBuilder(to: query, answers: PacketBuilder.type(query) == 1 ? 2 : 0, truncated: true)
            if PacketBuilder.type(query) == 1 { packet.record(1, [192, 0, 2, 1]) }
            return .init(datagrams: [packet.bytes])
        } _: { resolver, _ in
            try #expect(resolver.addresses(of: "staging.example.com").map(\.description) == ["192.0.2.1"])
        }
    }

    @Test func `only TCP is used where the configuration says so`() throws {
        try withNameServer {
            .init(stream: Self.stream(PacketBuilder.addresses($0)))
        } _: { resolver, _ in
            var resolver = resolver
            resolver.configuration.usesOnlyTCP = true
            try #expect(resolver.addresses(of: "staging.example.com").map(\.description) == ["192.0.2.1"])
        }
    }

    @Test(arguments: [[], [0], [0, 0], [0, 5, 1, 2], [255, 255, 1], [0, 1, 9]] as [[UInt8]])
    func `a stream that breaks off or makes no sense is a bad answer`(bytes: [UInt8]) throws {
        try withNameServer { query in
            .init(datagrams: [PacketBuilder(to: query, answers: 9, truncated: true).bytes], stream: bytes)
        } _: { resolver, _ in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .badAnswer)
        }
    }

    @Test func `an answer to another question over TCP is a bad answer`() throws {
        try withNameServer { query in
            var answer = PacketBuilder.addresses(query)
            answer[1] ^= 1
            return .init(
                datagrams: [PacketBuilder(to: query, answers: 9, truncated: true).bytes],
                stream: Self.stream(answer)
            )
        } _: { resolver, _ in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .badAnswer)
        }
    }
}
