import FerryAddress
import FerryCore
import FerryEvidence
import FerryPacket
import Testing

@testable import FerryProbe

/// What is recorded of an ICMP error, from a capture and from the kernel.
@Suite struct ICMPFactsTests {
    private static let client = IPAddress.v4(0x0A00_0001)
    private static let server = IPAddress.v4(0xC000_0201)
    private static let router: [UInt8] = [198, 51, 100, 7]

    /// An error of the router about a request, of which it quotes eight bytes.
    private static func error(type: UInt8, code: UInt8, unit: UInt16 = 0) -> [UInt8] {
        var segment: [UInt8] = big(40_000 as UInt16) + big(8703 as UInt16)
        segment += big(0x1234_5678 as UInt32) + big(0 as UInt32)
        segment += [0x50, 2, 0xFF, 0xFF, 0, 0, 0, 0]
        var request = CraftedPacket.bytes(segment, from: client, to: server, 1)
        request.replaceSubrange(4..<6, with: [0xAB, 0xCD])
        var message: [UInt8] = [type, code, 0, 0, 0, 0]
        message += big(unit)
        message += request.prefix(28)
        var packet: [UInt8] = [0x45, 0]
        packet += big(UInt16(20 + message.count))
        packet += [0, 9, 0, 0, 61, 1, 0, 0]
        return packet + router + client.bytes + message
    }

    private static func facts(_ bytes: [UInt8]) -> ICMPFacts? {
        bytes.withUnsafeBytes { raw -> ICMPFacts? in
            guard case .icmpError(let header, let error) = PacketDecoder.decode(raw, link: .rawIP) else { return nil }
            return ICMPFacts(header, error, seconds: 0.5)
        }
    }

    @Test func aCapturedErrorHasItsOwnTimeToLiveAndWhatItQuotes() throws {
        let facts = try #require(Self.facts(Self.error(type: 11, code: 0)))
        #expect(facts.meaning == .timeExceeded && facts.from == "198.51.100.7" && facts.seconds == 0.5)
        #expect(facts.timeToLive == 61 && facts.pathUnit == nil)
        let quoted = try #require(facts.quoted)
        #expect(quoted.timeToLive == 1 && quoted.identification == 0xABCD)
        #expect(quoted.sourcePort == 40_000 && quoted.destinationPort == 8703 && quoted.sequence == 0x1234_5678)
        #expect(try #require(Self.facts(Self.error(type: 3, code: 4, unit: 1400))).pathUnit == 1400)
    }

    @Test func theCapturedErrorIsKeptWhereItIsTheOneThatTheKernelHas() throws {
        let captured = try #require(Self.facts(Self.error(type: 3, code: 13)))
        var queued = ICMPFacts(type: 3, code: 13, from: "198.51.100.7", seconds: 0.7)
        queued.pathUnit = 1300
        let kept = queued.completed(by: captured)
        #expect(kept.quoted == captured.quoted && kept.timeToLive == 61 && kept.seconds == 0.5)
        #expect(kept.pathUnit == 1300)
        for (code, from) in [(13, "198.51.100.8"), (10, "198.51.100.7")] {
            let other = ICMPFacts(type: 3, code: code, from: from, seconds: 0.7)
            #expect(other.completed(by: captured) == other)
        }
    }

    @Test func recordsOfAnEarlierVersionAreStillRead() throws {
        let text = "{\"type\":3,\"code\":13,\"from\":\"198.51.100.7\",\"seconds\":0.7}"
        let read = try JSONValue(parsing: text, from: "test").decoded(as: ICMPFacts.self, from: "test")
        #expect(read == ICMPFacts(type: 3, code: 13, from: "198.51.100.7", seconds: 0.7))
        let captured = try #require(Self.facts(Self.error(type: 3, code: 13)))
        let again = try JSONValue(parsing: JSONValue(encoding: captured).json, from: "test")
        #expect(try again.decoded(as: ICMPFacts.self, from: "test") == captured)
    }
}
