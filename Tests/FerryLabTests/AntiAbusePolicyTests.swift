import FerryCore
import Foundation
import Testing

@testable import FerryLab

/// The cloud's policy, told requests and times.
@Suite struct AntiAbusePolicyTests {
    private final class Cloud {
        let ledger = CloudLedger()
        let policy: AntiAbusePolicy
        var now: UInt64 = 1_000_000_000_000
        private var port: UInt16 = 20_000

        init(_ change: (inout AntiAbusePolicy.Settings) -> Void) {
            var settings = AntiAbusePolicy.Settings()
            settings.connections = .init(count: 3, within: .seconds(60))
            settings.memory = .seconds(10)
            change(&settings)
            policy = AntiAbusePolicy(settings, ledger)
        }

        /// Asks for a connection, each time from a port of its own.
        func request(_ source: UInt32 = 62, _ farPort: UInt16 = 8703, _ far: UInt32 = 11) -> MiddleboxVerdict {
            port += 1
            return send(source, farPort, far, .syn, 0)
        }

        func send(
            _ source: UInt32,
            _ farPort: UInt16,
            _ far: UInt32,
            _ flags: TCPSegment.Flags,
            _ bytes: Int
        ) -> MiddleboxVerdict {
            var packet = ForgedSegment(
                source: IPv4Address(bits: source),
                sourcePort: port,
                destination: IPv4Address(bits: far),
                destinationPort: farPort,
                sequence: 1,
                flags: flags
            ).bytes
            packet += [UInt8](repeating: 0, count: bytes)
            packet[2] = UInt8(packet.count >> 8)
            packet[3] = UInt8(packet.count & 255)
            var forged = ForgedPackets()
            return packet.withUnsafeMutableBytes { policy.meet(MetPacket($0, .forward, at: now), &forged) }
        }

        func pass(_ seconds: Double) { now += UInt64(seconds * 1e9) }
    }

    @Test func fourthConnectionInAMinuteBlocksTheAddressAtThePortAlone() {
        let cloud = Cloud { $0.exempt = [8080] }
        #expect((0..<3).allSatisfy { _ in cloud.request() == .passes })
        #expect(cloud.request() == .ends)
        #expect(cloud.request(62, 8702) == .passes && cloud.request(62, 8080) == .passes)
        #expect(cloud.request(60) == .passes)
        // Another server of the cloud is in the selector's wild card.
        #expect(cloud.request(62, 8703, 12) == .ends)
    }

    @Test func connectionsThatComeSlowlyAreNoOffence() {
        let cloud = Cloud { _ in }
        #expect(
            (0..<20).allSatisfy { _ in
                cloud.pass(25)
                return cloud.request() == .passes
            }
        )
    }

    @Test func fixedBlockEndsThoughItIsHit() {
        let cloud = Cloud { _ in }
        for _ in 0..<4 { _ = cloud.request() }
        for _ in 0..<4 {
            cloud.pass(2)
            #expect(cloud.request() == .ends)
        }
        cloud.pass(2.5)
        #expect(cloud.request() == .passes)
    }

    @Test func renewedBlockEndsOnlyInSilence() {
        let cloud = Cloud { $0.isRenewed = true }
        for _ in 0..<4 { _ = cloud.request() }
        for _ in 0..<10 {
            cloud.pass(8)
            #expect(cloud.request() == .ends)
        }
        cloud.pass(11)
        #expect(cloud.request() == .passes)
    }

    @Test func bytesAreAnOffenceToo() {
        let cloud = Cloud {
            $0.connections = nil
            $0.bytes = .init(count: 2500, within: .seconds(60))
        }
        #expect(cloud.request() == .passes)
        #expect(cloud.send(62, 8703, 11, .ack, 1000) == .passes && cloud.send(62, 8703, 11, .ack, 1000) == .passes)
        #expect(cloud.send(62, 8703, 11, .ack, 1000) == .ends)
        #expect(cloud.request() == .ends)
    }

    @Test func offenderIsFollowedToAFreshPort() {
        let cloud = Cloud {
            $0.follows = .seconds(600)
            $0.connectionsAgain = .init(count: 1, within: .seconds(60))
        }
        for _ in 0..<4 { _ = cloud.request() }
        #expect(cloud.request(62, 8702) == .passes && cloud.request(62, 8702) == .ends)
        // Whoever has not offended has the usual limit.
        #expect((0..<3).allSatisfy { _ in cloud.request(60, 8702) == .passes })
    }

    @Test func whileInstancesComeAndGoEverybodyIsWatchedLikeAnOffender() {
        let cloud = Cloud {
            $0.churn = .init(count: 50, within: .seconds(60))
            $0.connectionsAgain = .init(count: 1, within: .seconds(60))
        }
        #expect(cloud.request(61) == .passes && cloud.request(61) == .passes)
        cloud.ledger.noteInstances(created: 40, released: 40, at: cloud.now)
        #expect(cloud.request(60) == .passes && cloud.request(60) == .ends)
    }

    @Test func allowanceTakesEffectAfterItsDelayAndEndsTheBlock() {
        let cloud = Cloud { $0.memory = nil }
        cloud.ledger.set(allowanceDelay: .seconds(5), isComplete: true)
        for _ in 0..<4 { _ = cloud.request() }
        _ = cloud.ledger.allow(IPv4Address(bits: 62), at: cloud.now)
        cloud.pass(4)
        #expect(cloud.request() == .ends)
        cloud.pass(2)
        #expect((0..<10).allSatisfy { _ in cloud.request() == .passes })
    }

    @Test func blockWithARestHoldsOnlyInItsTurns() {
        let cloud = Cloud {
            $0.memory = nil
            $0.duty = .init(holds: .seconds(5), rests: .seconds(5))
        }
        for _ in 0..<4 { _ = cloud.request() }
        var seen: [MiddleboxVerdict] = []
        for _ in 0..<4 {
            seen.append(cloud.request())
            cloud.pass(5)
        }
        #expect(seen == [.ends, .passes, .ends, .passes])
    }

    @Test func recordsHaveTheShapeOfASiteFilesProviderRecords() throws {
        let cloud = Cloud { $0.parts = [.sourceAddress, .destinationPort] }
        cloud.now = MonotonicClock.now()
        for _ in 0..<4 { _ = cloud.request() }
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(cloud.ledger.records.utf8)) as? [String: Any]
        )
        #expect(json["complete"] as? Bool == true)
        let block = try #require((json["blocks"] as? [[String: Any]])?.first)
        #expect(block["source"] as? String == "0.0.0.62" && block["destination"] is NSNull)
        #expect(block["port"] as? Int == 8703 && block["action"] as? String == "reset")
        let (since, until) = (block["since"] as? String, block["until"] as? String)
        let length =
            try #require(UTCTime(parsing: until ?? "")).microseconds
            - (try #require(UTCTime(parsing: since ?? ""))).microseconds
        #expect((9_999_990...10_000_010).contains(length))
    }

    @Test func harmIsWhatWouldNotHaveBeenBlocked() {
        let ledger = CloudLedger()
        let second: UInt64 = 1_000_000_000
        let start = MonotonicClock.now()
        func block(_ port: UInt16, from: UInt64, to: UInt64) {
            ledger.add(.init(kind: .block, port: port, action: "drop", policy: "p", since: from, until: to))
        }
        block(1, from: start - 5 * second, to: start + 10 * second)
        let before = ledger.blockEnds
        #expect(ledger.harm(since: before, start: start) == 0)
        // Prolonged by 3 s; one that was over meanwhile, 2 s; one that overlaps what was there already.
        ledger.prolong(ledger.blocks(at: start)[0], until: start + 13 * second)
        block(2, from: start + second, to: start + 3 * second)
        block(1, from: start + 2 * second, to: start + 12 * second)
        #expect(abs(ledger.harm(since: before, start: start) - 5) < 1e-6)
    }
}
