import FerryAddress
import FerryCore
import Testing

@testable import FerryResolver

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite struct HostilePacketTests {
    static let query = DNSQuery(
        id: 0x1234,
        name: DomainName(wire: PacketBuilder.name("staging.example.com"), isAbsolute: true),
        family: .a
    )

    static var honest: [UInt8] {
        var packet = PacketBuilder(to: query.bytes, answers: 3)
        packet.record(5, PacketBuilder.name("one.example"))
        packet.record(1, [192, 0, 2, 1], of: PacketBuilder.name("one.example"))
        packet.record(16, [3, 1, 2, 3], of: PacketBuilder.name("one.example"))
        return packet.bytes
    }

    @Test func `an answer cut anywhere is no answer, and nothing is read past its end`() {
        #expect(DNSMessage(Self.honest)?.answers(Self.query) == true)
        for length in 0..<Self.honest.count { #expect(DNSMessage(Array(Self.honest[..<length])) == nil) }
    }

    @Test func `an answer cut and marked as truncated still says whose answer it is`() throws {
        var bytes = Self.honest
        bytes[2] |= 2
        let message = try #require(DNSMessage(Array(bytes.dropLast(3))))
        #expect(message.isTruncated && message.answers(Self.query))
        #expect(message.answers.count == 2)
    }

    @Test(
        arguments: [
            [0xC0, 12], [0xC0, 14, 0], [0xC0, 13], [0xC0, 255], [0xFF, 0xFF], [0xC0], [0x40, 0], [0x80, 0], [63, 1], [],
            [1, 97, 0xC0, 12], [1, 97, 1, 98, 0xC0, 14],
        ] as [[UInt8]]
    )
    func `a name that points at itself, forward or outside is refused`(name: [UInt8]) {
        var reader = DNSReader(Array(repeating: 0xC0, count: 12) + name)
        reader.position = 12
        #expect(reader.name() == nil)
    }

    @Test func `a name that grows past 255 bytes by pointers is refused`() {
        // Each part ends in a pointer to the part before it: allowed one by one, too long together.
        var packet: [UInt8] = [0]
        var last = 0
        var readable = 0
        for _ in 0..<40 {
            let start = packet.count
            packet += [7] + Array("abcdefg".utf8) + [0xC0, UInt8(last)]
            last = start
            guard packet.count < 256 else { break }
            var reader = DNSReader(packet)
            reader.position = start
            if reader.name() != nil { readable += 1 }
        }
        #expect(readable == 25)
        var reader = DNSReader([0] + Array(repeating: [63] + Array(repeating: 97, count: 63), count: 5).joined() + [0])
        reader.position = 1
        #expect(reader.name() == nil)
    }

    @Test func `an address of the wrong length makes the answer unusable`() {
        var packet = PacketBuilder(to: Self.query.bytes, answers: 1)
        packet.record(1, [192, 0, 2])
        #expect(DNSMessage(packet.bytes) == nil)
    }

    @Test func `what a packet calls a name cannot steer a terminal`() {
        let name = DomainName(wire: [3, 0x1B, 0x2E, 0x41, 0], isAbsolute: true)
        #expect(name.description == "\\027\\046A")
    }

    @Test func `whatever bytes come, decoding ends and believes nothing that was not asked`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        var believed = 0
        for _ in 0..<40_000 {
            var bytes = Self.honest
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let count = Int.random(in: 0..<600, using: &generator)
                bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            case 1:
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
            case 2:
                let place = Int.random(in: 12..<bytes.count, using: &generator)
                bytes.replaceSubrange(place..<place, with: [0xC0, UInt8.random(in: 0...255, using: &generator)])
            default:
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &generator)))
            }
            guard let message = DNSMessage(bytes) else { continue }
            _ = FamilyAnswer(message, of: Self.query.name, .a)
            for answer in message.answers { _ = answer.name.description }
            guard message.answers(Self.query) else { continue }
            believed += 1
            #expect(Array(bytes[0..<2]) == [0x12, 0x34], "seed \(seed)")
        }
        #expect(believed > 0, "seed \(seed): the generator reaches no answer at all")
    }
}

@Suite struct SpoofedAnswerTests {
    /// Wrong in one way each.
    static func forgeries(_ query: [UInt8]) -> [[UInt8]] {
        let evil = PacketBuilder.addresses(query, v4: [203, 0, 113, 66])
        var otherID = evil
        otherID[0] ^= 0xFF
        var otherName = evil
        otherName[13] = otherName[13] == 120 ? 121 : 120
        var otherType = evil
        otherType[query.count - 3] ^= 0x55
        var question = evil
        question[2] &= 0x7F
        var noQuestion = evil
        noQuestion[5] = 0
        return [otherID, otherName, otherType, question, noQuestion, Array(evil.dropLast(5)), [], [0]]
    }

    @Test func `forged answers are passed over and the true one is waited for`() throws {
        try withNameServer { query in
            .init(datagrams: Self.forgeries(query) + [PacketBuilder.addresses(query)])
        } _: { resolver, _ in
            try #expect(resolver.addresses(of: "staging.example.com").map(\.description) == ["192.0.2.1"])
        }
    }

    @Test func `an answer from another port is not believed`() throws {
        try withNameServer { query in
            .init(
                strayed: [PacketBuilder.addresses(query, v4: [203, 0, 113, 66])],
                datagrams: [PacketBuilder.addresses(query)]
            )
        } _: { resolver, _ in
            try #expect(resolver.addresses(of: "staging.example.com").map(\.description) == ["192.0.2.1"])
        }
    }

    @Test func `forged answers alone are a timeout`() throws {
        try withNameServer(timeout: .milliseconds(100)) {
            .init(datagrams: Self.forgeries($0))
        } _: { resolver, _ in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .nameServerSilent)
        }
    }

    @Test func `questions do not repeat their number`() throws {
        try withNameServer(timeout: .milliseconds(20), attempts: 5) { _ in
            .init()
        } _: { resolver, server in
            for _ in 0..<4 { _ = try? resolver.addresses(of: "staging.example.com") }
            #expect(Set(server.asked.map { Array($0[0..<2]) }).count > server.asked.count / 2)
        }
    }
}
