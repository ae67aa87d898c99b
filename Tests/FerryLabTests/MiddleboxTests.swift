import FerryCore
import Testing

@testable import FerryLab

/// Middleboxes, told packets and times: no device, no clock.
@Suite struct MiddleboxTests {
    private static let (near, far) = (IPv4Address(bits: 0xC612_023E), IPv4Address(bits: 0xCB00_710B))

    /// One connection as a middlebox sees it.
    private final class Talk {
        let port: UInt16
        let farPort: UInt16
        let near: IPv4Address
        var now: UInt64
        var forged = ForgedPackets()

        init(
            port: UInt16 = 40_000,
            farPort: UInt16 = 8703,
            near: IPv4Address = MiddleboxTests.near,
            now: UInt64 = 1_000_000_000
        ) {
            self.port = port
            self.farPort = farPort
            self.near = near
            self.now = now
        }

        func say(
            _ box: any Middlebox,
            _ flags: TCPSegment.Flags,
            _ way: Line.Way = .forward,
            seq: UInt32 = 1000,
            ack: UInt32 = 0,
            content: String = "",
            options: [UInt8] = [],
            ttl: UInt8 = 60
        ) -> (verdict: MiddleboxVerdict, packet: [UInt8]) {
            var packet = ForgedSegment(
                source: way == .forward ? near : MiddleboxTests.far,
                sourcePort: way == .forward ? port : farPort,
                destination: way == .forward ? MiddleboxTests.far : near,
                destinationPort: way == .forward ? farPort : port,
                sequence: seq,
                acknowledgement: ack,
                flags: flags,
                window: 1000,
                timeToLive: ttl,
                identification: 7
            ).bytes
            packet += options + Array(content.utf8)
            packet[2] = UInt8(packet.count >> 8)
            packet[3] = UInt8(packet.count & 255)
            packet[32] = UInt8((20 + options.count) / 4) << 4
            forged.removeAll()
            let verdict = packet.withUnsafeMutableBytes { box.meet(MetPacket($0, way, at: now), &forged) }
            return (verdict, packet)
        }

        /// The handshake, of which every part has to pass.
        func open(_ box: any Middlebox) -> Bool {
            say(box, .syn).verdict == .passes
                && say(box, [.syn, .ack], .back, seq: 5000, ack: 1001, ttl: 55).verdict == .passes
                && say(box, .ack, seq: 1001, ack: 5001).verdict == .passes
        }
    }

    private func segment(_ packet: [UInt8]?) throws -> (flags: TCPSegment.Flags, seq: UInt32, ack: UInt32, ttl: UInt8) {
        var bytes = try #require(packet)
        return try bytes.withUnsafeMutableBytes { raw in
            let segment = try #require(TCPSegment(raw))
            return (segment.flags, segment.sequence, segment.acknowledgement, segment.timeToLive)
        }
    }

    @Test func forgedSegmentsHaveTheirChecksums() {
        // From RFC 1071: the sum over what is covered, checksum included, is all ones.
        let bytes = ForgedSegment(
            source: MiddleboxTests.near,
            sourcePort: 4242,
            destination: MiddleboxTests.far,
            destinationPort: 8703,
            sequence: 0xDEAD_BEEF,
            acknowledgement: 3,
            flags: [.rst, .ack],
            timeToLive: 61
        ).bytes
        func sum(_ bytes: ArraySlice<UInt8>, _ start: UInt32 = 0) -> UInt32 {
            var sum = start
            for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
            while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
            return sum
        }
        #expect(sum(bytes[..<20]) == 0xFFFF)
        #expect(sum(bytes[20...], sum(bytes[12..<20]) + 6 + 20) == 0xFFFF)
    }

    @Test func injectorOnContentResetsBothEndsWhereTheyExpectIt() throws {
        var settings = Injector.Settings()
        settings.cause = .text(Array("xxxx".utf8))
        settings.count = 3
        settings.step = 1460
        settings.timeToLive = 250
        let (box, quiet) = (Injector(settings), Injector(settings))
        let talk = Talk()
        #expect(talk.open(box))
        let spoken = talk.say(box, [.psh, .ack], seq: 1001, ack: 5001, content: "aaxxxxbb")
        // It stands beside the path: what provoked it goes on.
        #expect(spoken.verdict == .passes)
        #expect(talk.forged.toNear.count == 3 && talk.forged.toFar.count == 3)
        let first = try segment(talk.forged.toNear.first)
        #expect(first.flags == [.rst, .ack] && first.seq == 5001 && first.ack == 1009 && first.ttl == 250)
        #expect(try segment(talk.forged.toNear.last).seq == 5001 + 2920)
        #expect(try segment(talk.forged.toFar.first).seq == 1009)
        let other = Talk()
        #expect(other.open(quiet))
        #expect(other.say(quiet, [.psh, .ack], seq: 1001, ack: 5001, content: "aaxxx-x").verdict == .passes)
        #expect(other.forged.isEmpty)
    }

    @Test func injectorThatCopiesLooksLikeTheOtherEnd() throws {
        var settings = Injector.Settings()
        settings.timeToLive = nil
        settings.copiesIdentification = true
        let box = Injector(settings)
        let talk = Talk()
        #expect(talk.open(box))
        _ = talk.say(box, [.psh, .ack], seq: 1001, ack: 5001, content: "a")
        let forged = try #require(talk.forged.toNear.first)
        #expect(forged[8] == 55 && Int(forged[4]) << 8 | Int(forged[5]) == 8)
    }

    @Test func residueEndsConnectionsToTheSamePortUntilItIsOver() {
        var settings = Injector.Settings()
        settings.ending = .drop
        settings.stands = true
        settings.residue = .seconds(2)
        let box = Injector(settings)
        let talk = Talk()
        #expect(talk.open(box))
        #expect(talk.say(box, [.psh, .ack], seq: 1001, ack: 5001, content: "a").verdict == .ends)
        let (again, elsewhere) = (Talk(port: 40_001), Talk(port: 40_002, farPort: 8702))
        #expect(again.say(box, .syn).verdict == .ends && elsewhere.say(box, .syn).verdict == .passes)
        let late = Talk(port: 40_003, now: 4_000_000_000)
        #expect(late.say(box, .syn).verdict == .passes)
    }

    @Test func sessionTableForgetsWhatIsIdle() throws {
        var settings = SessionTable.Settings()
        settings.idle = .seconds(2)
        settings.idleEnding = .reset
        let box = SessionTable(settings)
        let talk = Talk()
        #expect(talk.open(box))
        talk.now += 1_900_000_000
        #expect(talk.say(box, .ack, seq: 1001, ack: 5001, content: "a").verdict == .passes)
        talk.now += 2_100_000_000
        #expect(talk.say(box, .ack, seq: 1002, ack: 5001, content: "a").verdict == .ends)
        #expect(try segment(talk.forged.toNear.first).seq == 5001)
        #expect(talk.forged.toFar.isEmpty)
    }

    @Test func sessionTableTakesSoManyOfAnAddressAndAgainOnceOneHasEnded() {
        var settings = SessionTable.Settings()
        settings.most = 2
        let box = SessionTable(settings)
        let talks = (0..<3).map { Talk(port: 40_000 + $0) }
        #expect(talks[0].open(box) && talks[1].open(box))
        #expect(talks[2].say(box, .syn).verdict == .ends)
        let other = Talk(near: IPv4Address(bits: 1))
        #expect(other.open(box))
        _ = talks[0].say(box, .rst, seq: 1001, ack: 5001)
        #expect(talks[2].say(box, .syn).verdict == .passes)
    }

    @Test func sessionTableEndsWhatHasCarriedItsQuota() {
        var settings = SessionTable.Settings()
        settings.bytes = 10
        settings.ending = .reset
        let box = SessionTable(settings)
        let talk = Talk()
        #expect(talk.open(box))
        #expect(talk.say(box, .ack, seq: 1001, ack: 5001, content: "0123456789").verdict == .passes)
        #expect(talk.say(box, .ack, seq: 1011, ack: 5001, content: "0").verdict == .ends)
        #expect(talk.forged.toNear.count == 1 && talk.forged.toFar.count == 1)
        // It is told once.
        #expect(talk.say(box, .ack, seq: 1011, ack: 5001, content: "0").verdict == .ends && talk.forged.isEmpty)
    }

    @Test func firstRequestOfAnUnknownAddressIsDropped() {
        let box = SourceCheck(SourceCheck.Settings())
        let (talk, other) = (Talk(), Talk(near: IPv4Address(bits: 9)))
        #expect(talk.say(box, .syn).verdict == .ends && talk.say(box, .syn).verdict == .passes)
        #expect(other.say(box, .syn).verdict == .ends)
    }

    @Test func challengedAddressIsBelievedOnceItHasReset() throws {
        var settings = SourceCheck.Settings()
        settings.question = .safeReset
        let box = SourceCheck(settings)
        let talk = Talk()
        #expect(talk.say(box, .syn).verdict == .ends)
        let answer = try segment(talk.forged.toNear.first)
        #expect(answer.flags == [.syn, .ack] && answer.ack != 1001)
        #expect(talk.say(box, .syn).verdict == .ends)
        #expect(talk.say(box, .rst, seq: answer.ack).verdict == .ends)
        #expect(talk.say(box, .syn).verdict == .passes)
    }

    @Test func handshakeIsAnsweredAndThenReset() throws {
        var settings = HandshakeAnswerer.Settings()
        settings.ending = .reset
        let box = HandshakeAnswerer(settings)
        let talk = Talk()
        #expect(talk.say(box, .syn).verdict == .ends)
        let answer = try segment(talk.forged.toNear.first)
        #expect(answer.flags == [.syn, .ack] && answer.ack == 1001)
        #expect(talk.say(box, .ack, seq: 1001, ack: answer.seq &+ 1).verdict == .ends)
        let reset = try segment(talk.forged.toNear.first)
        #expect(reset.flags.contains(.rst) && reset.seq == answer.seq &+ 1)
    }

    @Test func strippedOptionIsGoneAndTheChecksumStillRight() throws {
        var settings = OptionStripper.Settings()
        settings.options = [3]
        let box = OptionStripper(settings)
        let talk = Talk()
        // MSS, no operation, window scale, SACK permitted, two of no operation.
        let options: [UInt8] = [2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 1, 1]
        let packet = talk.say(box, .syn, options: options).packet
        #expect(Array(packet[40..<52]) == [2, 4, 5, 180, 1, 1, 1, 1, 4, 2, 1, 1])
        // The checksum changes by what was taken out: sums of words are compared before and after.
        func sum(_ bytes: [UInt8]) -> UInt32 {
            var sum: UInt32 = 0
            for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
            while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
            return sum
        }
        let plain = Talk()
        let before = plain.say(OptionStripper(OptionStripper.Settings()), .syn, options: options).packet
        #expect(sum(Array(packet[20...])) == sum(Array(before[20...])))
    }

    @Test func flowShaperGivesEachConnectionItsOwnRate() {
        var settings = FlowShaper.Settings()
        settings.rate = BitRate(bitsPerSecond: 8_000_000)
        let box = FlowShaper(settings)
        let (talk, other) = (Talk(), Talk(port: 40_001))
        // 40 bytes of headers and 60 of content, at 1 MB/s.
        let content = String(repeating: "a", count: 60)
        #expect(talk.say(box, .ack, content: content).verdict == .held(100_000))
        #expect(talk.say(box, .ack, content: content).verdict == .held(200_000))
        #expect(other.say(box, .ack, content: content).verdict == .held(100_000))
    }

    @Test func outageLetsNothingPassWhileItLasts() {
        var settings = Outage.Settings()
        settings.begins = .seconds(1)
        settings.lasts = .seconds(2)
        settings.every = .seconds(10)
        let box = Outage(settings, at: 0)
        func verdict(_ seconds: UInt64) -> MiddleboxVerdict {
            let talk = Talk(now: seconds * 1_000_000_000)
            return talk.say(box, .syn).verdict
        }
        #expect(
            [0, 1, 2, 3, 9, 11, 13].map { verdict($0) } == [.passes, .ends, .ends, .passes, .passes, .ends, .passes]
        )
    }

    @Test func scrubbingBeginsAboveItsThresholdAndIsInTheRecords() {
        var settings = ScrubbingCap.Settings()
        settings.threshold = BitRate(bitsPerSecond: 80_000)
        settings.cap = BitRate(bitsPerSecond: 8_000)
        settings.lasts = .seconds(4)
        let ledger = CloudLedger()
        let box = ScrubbingCap(settings, ledger)
        let talk = Talk(now: MonotonicClock.now())
        let content = String(repeating: "a", count: 960)
        // Of half a second's 5000 bytes, the fifth packet is the last.
        let verdicts = (0..<6).map { _ in talk.say(box, .ack, content: content).verdict }
        #expect(verdicts.prefix(5).allSatisfy { $0 == .passes } && verdicts[5] == .ends)
        #expect(ledger.records.contains("\"scrubbing\":[{\"destination\":\"203.0.113.11\""))
    }

    @Test func memoryOfAMiddleboxIsBounded() {
        var memory = BoundedMemory<Int, Int>()
        for key in 0..<100_000 { memory[key, default: 0] += key }
        #expect(memory[99_999] == 99_999)
        #expect((0..<100_000).count { memory[$0] != nil } <= 16_384)
    }
}
