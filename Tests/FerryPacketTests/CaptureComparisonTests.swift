import Foundation
import Testing

@testable import FerryPacket

/// A conversation between a client and a server with a translator between them, captured at both.
private struct TwoEnds {
    var client = FlowMaker()
    var server = FlowMaker()
    /// How far the server's clock is ahead, in milliseconds.
    var skew = 2500.0
    var oneWay = 15.0

    /// What both captures have: sent at `time` by the clock of the client.
    mutating func send(
        _ side: FlowMaker.Side,
        _ flags: TCPFlags,
        seq: UInt32 = 0,
        ack: UInt32 = 0,
        bytes: Int = 0,
        at time: Double,
        isLost: Bool = false,
        change: (inout PacketMaker) -> Void = { _ in }
    ) {
        let isClient = side == .client
        if isClient || !isLost {
            client.send(side, flags, seq: seq, ack: ack, bytes: bytes, at: isClient ? time : time + oneWay) {
                if !isClient { change(&$0) }
            }
        }
        if !isClient || !isLost {
            let arrival = (isClient ? time + oneWay : time) + skew
            server.send(side, flags, seq: seq, ack: ack, bytes: bytes, at: arrival) {
                if isClient {
                    $0.source = [198, 18, 2, 62]
                    $0.sourcePort = 61_001
                    $0.timeToLive = 53
                    change(&$0)
                } else {
                    $0.destination = [198, 18, 2, 62]
                    $0.destinationPort = 61_001
                    $0.timeToLive = 64
                }
            }
        }
    }

    mutating func open() {
        send(.client, .syn, at: 0)
        send(.server, [.syn, .ack], ack: 1, at: 15)
        send(.client, .ack, seq: 1, ack: 1, at: 30)
    }

    func compare() throws -> CaptureComparison {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = [("a", client), ("b", server)].map { (folder.appendingPathComponent($0.0), $0.1) }
        for (path, maker) in paths { try Data(maker.file).write(to: path) }
        return CaptureComparison(
            try CaptureRecording(path: paths[0].0.path),
            try CaptureRecording(path: paths[1].0.path)
        )
    }
}

struct CaptureComparisonTests {
    @Test func translatedFlowIsFoundAgainAndTheClockWithIt() throws {
        var ends = TwoEnds()
        ends.open()
        ends.send(.client, [.psh, .ack], seq: 1, ack: 1, bytes: 100, at: 31)
        ends.send(.server, .ack, seq: 1, ack: 101, at: 47)
        let comparison = try ends.compare()
        let flow = try #require(comparison.flows.first)
        #expect(flow.isLeftAtClient)
        #expect(flow.translatesClient && !flow.translatesServer)
        #expect(flow.clockDifference == 2_500_000_000)
        #expect(flow.clockUncertainty == 15_000_000)
        #expect(flow.toServer.matched == 3 && flow.toClient.matched == 2)
        #expect(flow.toServer.hops == 11)
        #expect(flow.findings.isEmpty)
        #expect(comparison.onlyLeft.isEmpty && comparison.onlyRight.isEmpty)
    }

    @Test func whatWasLostIsToldFromWhatWasSentAgain() throws {
        var ends = TwoEnds()
        ends.open()
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 31, isLost: true)
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 331)
        ends.send(.server, .ack, seq: 1, ack: 101, at: 347)
        ends.send(.server, .ack, seq: 1, ack: 101, bytes: 40, at: 348, isLost: true)
        ends.send(.client, .ack, seq: 101, ack: 1, at: 600)
        let flow = try #require(try ends.compare().flows.first)
        #expect(flow.toServer.lost.map(\.number) == [4])
        #expect(flow.toClient.lost.count == 1)
        #expect(flow.toServer.forged.isEmpty && flow.toClient.forged.isEmpty)
        #expect(!flow.provesForgery)
    }

    @Test func whatWasNeverSentIsTheProofOfForgery() throws {
        var ends = TwoEnds()
        ends.open()
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 31)
        ends.client.send(.server, [.rst, .ack], seq: 1, ack: 101, at: 35)
        ends.send(.server, .ack, seq: 1, ack: 101, at: 46)
        ends.send(.client, .rst, seq: 101, at: 62)
        let flow = try #require(try ends.compare().flows.first)
        #expect(flow.toClient.forged.map(\.flags) == [[.rst, .ack]])
        #expect(flow.provesForgery)
        #expect(flow.findings.contains { $0.contains("that the server never sent: RST+ACK") })
    }

    @Test func whatIsChangedOnTheWayIsToldFieldByField() throws {
        var ends = TwoEnds()
        ends.send(.client, .syn, at: 0) { $0.options = [2, 4, 5, 100, 1, 1, 1, 0] }
        ends.send(.server, [.syn, .ack], ack: 1, at: 15)
        ends.send(.client, .ack, seq: 1, ack: 1, at: 30)
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 10, at: 31) { $0.payload[3] = 9 }
        let flow = try #require(try ends.compare().flows.first)
        let changes = flow.toServer.changed.map(\.changes)
        #expect(changes.contains([.maximumSegment, .windowScale, .optionRemoved]))
        #expect(changes.contains(.payload))
    }

    @Test func packetThatCameTwiceIsNoForgery() throws {
        var ends = TwoEnds()
        ends.open()
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 31)
        ends.server.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 2547) {
            $0.source = [198, 18, 2, 62]
            $0.sourcePort = 61_001
            $0.timeToLive = 53
        }
        ends.send(.server, .ack, seq: 1, ack: 101, at: 50)
        let flow = try #require(try ends.compare().flows.first)
        #expect(flow.toServer.duplicates == 1)
        #expect(flow.toServer.forged.isEmpty)
    }

    @Test func segmentsThatWerePutTogetherAreNotLost() throws {
        var ends = TwoEnds()
        ends.open()
        ends.client.send(.client, .ack, seq: 1, ack: 1, bytes: 200, at: 31)
        for start in [1, 101] as [UInt32] {
            ends.server.send(.client, .ack, seq: start, ack: 1, bytes: 100, at: 2546) {
                $0.source = [198, 18, 2, 62]
                $0.sourcePort = 61_001
            }
        }
        ends.send(.server, .ack, seq: 1, ack: 201, at: 50)
        let flow = try #require(try ends.compare().flows.first)
        #expect(flow.toServer.recut == 1)
        #expect(flow.toServer.lost.isEmpty && flow.toServer.forged.isEmpty)
    }

    @Test func rewrittenSequenceNumbersAreSeenThrough() throws {
        var ends = TwoEnds()
        ends.send(.client, .syn, at: 0) { $0.sequence &+= 777 }
        ends.send(.server, [.syn, .ack], ack: 1, at: 15)
        ends.send(.client, .ack, seq: 1, ack: 1, at: 30) { $0.sequence &+= 777 }
        ends.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 31) { $0.sequence &+= 777 }
        let flow = try #require(try ends.compare().flows.first)
        #expect(flow.rewritesSequence && !flow.isTerminated)
        #expect(flow.toServer.matched == 3)
        #expect(flow.toServer.lost.isEmpty && flow.toServer.forged.isEmpty)
    }
}

extension CaptureComparisonTests {
    /// A stranger can make all flows and all packets alike; that must not take the square of their number.
    @Test(.timeLimit(.minutes(5)))
    func manyThatAreAlikeAreComparedInGoodTime() throws {
        var ends = TwoEnds()
        ends.open()
        for index in 0..<30_000 { ends.send(.client, .ack, seq: 1, ack: 1, at: 40 + Double(index) * 0.01) }
        for port in 0..<20_000 as Range<UInt16> {
            ends.client.send(.client, .ack, seq: 1, ack: 1, bytes: 64, at: 500) { $0.sourcePort = 20_000 + port }
            ends.server.send(.client, .ack, seq: 1, ack: 1, bytes: 64, at: 3015) {
                $0.source = [198, 18, 2, 62]
                $0.sourcePort = 40_000 + port
            }
        }
        let comparison = try ends.compare()
        #expect(comparison.flows.first?.toServer.matched == 30_002)
        #expect(comparison.flows.count == 20_001)
    }
}
