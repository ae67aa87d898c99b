import FerryCore
import Testing

@testable import FerryPacket

struct FlowTests {
    @Test func aPlainConnectionIsOpenedAndClosedWithoutTrouble() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, [.psh, .ack], seq: 1, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 101, at: 61)
        maker.send(.client, [.fin, .ack], seq: 101, ack: 1)
        maker.send(.server, [.fin, .ack], seq: 1, ack: 102)
        maker.send(.client, .ack, seq: 102, ack: 2)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.client.end.description == "192.0.2.1:40000")
        #expect(flow.connectionState == "SF")
        #expect(flow.history == "ShADaFf")
        #expect(flow.completeness == 31)
        #expect(flow.serverRoundTrip == 30_000_000)
        #expect(flow.client.newBytes == 100)
        #expect(flow.server.newBytes == 0)
        #expect(flow.ending?.kind == .fin)
        #expect(flow.ending?.isClient == true)
        #expect(flow.troubles.isEmpty)
        #expect(flow.client.opening?.options.windowScale == 7)
        #expect(flow.client.roundTrips.statistic.count == 3)
    }

    @Test func repeatedSegmentsAreToldApartByWireSharksRules() {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)  // 4
        maker.send(.client, .ack, seq: 201, ack: 1, bytes: 100)  // 5, one is missing
        maker.send(.client, .ack, seq: 101, ack: 1, bytes: 100)  // 6, sooner than anybody could ask for it
        maker.send(.client, .ack, seq: 401, ack: 1, bytes: 100)  // 7
        maker.send(.server, .ack, seq: 1, ack: 301, at: 70)  // 8
        maker.send(.server, .ack, seq: 1, ack: 301)  // 9
        maker.send(.server, .ack, seq: 1, ack: 301)  // 10
        maker.send(.client, .ack, seq: 301, ack: 1, bytes: 100)  // 11, asked for by two duplicates
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)  // 12, acknowledged long ago
        maker.send(.client, .ack, seq: 401, ack: 1, bytes: 100, at: 900)  // 13, by timeout
        let marks = maker.read().marks
        #expect(marks[5] == .gap)
        #expect(marks[6] == .outOfOrder)
        #expect(marks[9] == .duplicateAcknowledgement)
        #expect(marks[10] == .duplicateAcknowledgement)
        #expect(marks[11] == .fastRetransmission)
        #expect(marks[12] == .spuriousRetransmission)
        #expect(marks[13] == .retransmission)
    }

    @Test func windowsThatAreZeroAreToldWithHowLong() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 101, window: 0, at: 100)
        maker.send(.client, .ack, seq: 101, ack: 1, bytes: 1, at: 300)
        maker.send(.server, .ack, seq: 1, ack: 101, window: 0, at: 301)
        maker.send(.client, .ack, seq: 100, ack: 1, at: 500)
        maker.send(.server, .ack, seq: 1, ack: 101, window: 400, at: 600)
        let (flows, marks) = maker.read()
        #expect(marks[5] == .zeroWindow)
        #expect(marks[6] == .zeroWindowProbe)
        #expect(marks[7] == [.zeroWindow, .zeroWindowProbeAnswer])
        #expect(marks[8] == .keepAlive)
        #expect(marks[9] == .windowUpdate)
        let flow = try #require(flows.first)
        #expect(flow.server.zeroWindowTime == 500_000_000)
        #expect(flow.troubles.map(\.kind) == [.receiverStalled])
    }

    @Test func timesThatJumpThroughTheCenturiesAreReadAndDrawn() {
        var table = FlowTable()
        var sequence = TimeSequence(flow: 0)
        let client = PacketMaker(sequence: 1000)
        for (index, time) in [0, Int64.max, .min, .max, 1, .max, .min].enumerated() {
            var maker = client
            maker.sequence = 1000 &+ UInt32(index)
            maker.flags = index == 0 ? .syn : .ack
            maker.window = index % 2 == 0 ? 0 : 500
            maker.payload = index == 0 ? [] : [7]
            maker.ethernet.withUnsafeBytes { bytes in
                let time = PacketTime(nanoseconds: time)
                let packet = CapturedPacket(
                    number: index + 1,
                    time: time,
                    link: .ethernet,
                    wireLength: bytes.count,
                    bytes: bytes
                )
                table.take(packet) { sequence.take($0, at: time) }
            }
        }
        table.finish { flow in
            sequence.flow(flow)
            #expect(flow.packets == 7)
            #expect(!JSONText.object { flow.write(to: &$0) }.isEmpty)
        }
        #expect(sequence.svg.hasSuffix("</svg>\n"))
    }

    @Test func sameEndsWithAnotherSequenceNumberAreAnotherFlow() {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .rst, seq: 1)
        maker.send(.client, .syn, seq: 70_000, at: 500)
        maker.send(.client, .syn, seq: 70_000, at: 1500)
        let (flows, marks) = maker.read()
        #expect(flows.count == 2)
        #expect(marks[5] == .reusedPorts)
        #expect(marks[6] == .retransmission)
        #expect(flows.last?.reusesPorts == true)
        #expect(flows.last?.connectionState == "S0")
        #expect(flows.last?.troubles.map(\.kind) == [.unanswered])
    }

    @Test func whatACaptureMissedIsNoLossOfTheNetwork() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.client, .ack, seq: 301, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 401, at: 70)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.client.seen.missing == 200)
        #expect(flow.client.newBytes == 200)
        #expect(flow.history == "ShADaG")
        #expect(flow.troubles.map(\.kind) == [.captureGaps])
    }

    @Test func conversationCaughtInItsMidstHasTheLowerPortAsServer() throws {
        var maker = FlowMaker()
        maker.send(.server, .ack, seq: 500, ack: 90, bytes: 10)
        maker.send(.client, .ack, seq: 90, ack: 510)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.server.end.port == 8703)
        #expect(flow.history == "^dA")
        #expect(flow.connectionState == "OTH")
        #expect(flow.completeness == 12)
    }

    @Test func fragmentsArePutTogetherBeforeTheyAreJudged() throws {
        var maker = FlowMaker()
        maker.open()
        var data = maker.client
        data.sequence = 1001
        data.acknowledgement = 5001
        data.flags = .ack
        data.payload = [UInt8](repeating: 1, count: 1000)
        let segment = data.tcp
        for (start, end) in [(512, segment.count), (0, 512)] {
            data.fragment = UInt16(start / 8) | (end < segment.count ? 0x2000 : 0)
            maker.append(
                [UInt8](repeating: 0, count: 12) + [8, 0]
                    + data.ip(protocolNumber: 6, payload: Array(segment[start..<end]))
            )
        }
        let flow = try #require(maker.read().flows.first)
        #expect(flow.client.newBytes == 1000)
        #expect(flow.packets == 4)
    }

    @Test func largeSegmentsThatVanishAreToldFromASilentPeer() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 50)
        maker.send(.server, .ack, seq: 1, ack: 51, at: 62)
        for time in [70.0, 400, 1000, 2200] {
            maker.send(.client, .ack, seq: 51, ack: 1, bytes: 1448, at: time)
        }
        let flow = try #require(maker.read().flows.first)
        #expect(flow.troubles.first?.kind == .largeSegmentsLost)
    }

    @Test func flowsBeyondTheLimitAreToldEarlyAndOnce() {
        var maker = FlowMaker()
        for port in 0..<50 as Range<UInt16> {
            maker.send(.client, .syn) { $0.sourcePort = 20_000 + port }
        }
        let flows = FlowMaker.read(maker.file, limit: 8).flows
        #expect(flows.count == 50)
        #expect(flows.filter(\.isEvicted).count == 42)
        #expect(Set(flows.map(\.number)).count == 50)
    }
}
