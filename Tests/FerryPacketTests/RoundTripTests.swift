import Testing

@testable import FerryPacket

struct RoundTripTests {
    @Test func aLastByteSentAgainMeasuresNothing() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 1, at: 40)
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 1, at: 240)
        maker.send(.server, .ack, seq: 1, ack: 2, at: 241)
        let (flows, marks) = maker.read()
        #expect(marks[5] == .keepAlive)
        let flow = try #require(flows.first)
        #expect(flow.client.roundTrips.statistic.count == 1)
        #expect(flow.client.roundTrips.statistic.greatest == 30_000_000)
    }

    @Test func nothingIsMeasuredFromBeforeAReset() throws {
        var maker = FlowMaker()
        maker.send(.client, .syn, at: 0)
        maker.send(.server, [.syn, .ack], ack: 1, at: 30)
        maker.send(.client, .rst, seq: 1)
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100, at: 15_000)
        maker.send(.server, .ack, seq: 1, ack: 101, at: 15_020)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.server.roundTrips.statistic.count == 0)
        #expect(flow.client.roundTrips.statistic.greatest == 30_000_000)
        #expect(flow.client.roundTrips.statistic.count == 2)
    }
}
