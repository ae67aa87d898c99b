import Testing

@testable import FerryPacket

/// What Zeek would say, where its baselines of public captures once said otherwise than Ferry.
struct ConnectionStateTests {
    @Test func whatComesLongAfterAResetDoesNotChangeWhoseItWas() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 100, at: 61)
        maker.send(.client, [.rst, .ack], seq: 101, ack: 101)
        maker.send(.server, [.rst, .ack], seq: 101, ack: 101, at: 18_000)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.connectionState == "RSTO")
        #expect(flow.history == "ShADdR")
        #expect(flow.server.rstCount == 1)
    }

    @Test func whatComesSoonAfterAResetIsOfTheSameConnection() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.client, [.rst, .ack], seq: 101, ack: 1)
        maker.send(.server, .rst, seq: 1, at: 4000)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.connectionState == "RSTR")
        #expect(flow.history == "ShADRr")
    }

    @Test func dataThatTheCaptureMissedBeforeAFINIsAGap() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 101, at: 61)
        maker.send(.server, [.fin, .ack], seq: 2903, ack: 101)
        maker.send(.client, .ack, seq: 101, ack: 2904)
        maker.send(.client, [.fin, .ack], seq: 101, ack: 2904)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.history == "ShADafgF")
        #expect(flow.server.seen.missing == 2902)
    }

    @Test func whatWasNotOpenedInFrontOfTheCaptureHasNoGap() throws {
        var maker = FlowMaker()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 100)
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 100)
        maker.send(.server, .ack, seq: 1101, ack: 101, bytes: 100)
        maker.send(.client, .ack, seq: 101, ack: 1201)
        let flow = try #require(maker.read().flows.first)
        #expect(flow.history == "DdA")
        #expect(flow.server.seen.missing == 1000)
    }
}
