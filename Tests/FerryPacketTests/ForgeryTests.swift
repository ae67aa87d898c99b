import Testing

@testable import FerryPacket

struct ForgeryTests {
    private func opened() -> FlowMaker {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, [.psh, .ack], seq: 1, ack: 1, bytes: 100, at: 31)
        return maker
    }

    private func signs(_ maker: FlowMaker) throws -> ForgerySigns { try #require(maker.read().flows.first).forgery }

    @Test func hostThatResetsItsOwnConnectionIsNotSuspected() throws {
        var maker = opened()
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 50, at: 60)
        maker.send(.server, [.rst, .ack], seq: 51, ack: 101, window: 0, at: 61)
        // What was on its way is answered with its own acknowledgement.
        maker.send(.client, .ack, seq: 101, ack: 1, bytes: 10, at: 61.5)
        maker.send(.server, .rst, seq: 1, window: 0, at: 92)
        #expect(try signs(maker) == [])
    }

    @Test func dataOfASenderAfterItsResetSaysThatItDidNotSendIt() throws {
        var maker = opened()
        maker.send(.server, [.rst, .ack], seq: 1, ack: 101, at: 33)
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 50, at: 61)
        #expect(try signs(maker) == [.dataAfterReset, .speaksAfterReset])
        #expect(try signs(maker).verdict == .likely)
    }

    @Test func resetBehindWhatItsSenderHasSentIsASign() throws {
        var maker = opened()
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 500, at: 60)
        maker.send(.client, .ack, seq: 101, ack: 501, at: 60.1)
        maker.send(.server, [.rst, .ack], seq: 301, ack: 101, at: 62)
        #expect(try signs(maker) == .resetBehindData)
        #expect(try signs(maker).verdict == .possible)
    }

    @Test func resetsThatGuessAtNumbersAreASign() throws {
        var maker = opened()
        for guess in [1, 1461, 4381] as [UInt32] {
            maker.send(.server, [.rst, .ack], seq: guess, ack: 101 + guess * 3, at: 33)
        }
        #expect(try signs(maker) == [.sequenceGuesses, .acknowledgementGuesses])
    }

    @Test func answerAfterARefusalIsASign() throws {
        var maker = FlowMaker()
        maker.send(.client, .syn, at: 0)
        maker.send(.server, [.rst, .ack], ack: 1, window: 0, at: 5)
        maker.send(.server, [.syn, .ack], ack: 1, at: 30)
        #expect(try signs(maker).contains(.answerAfterReset))
    }

    @Test func clientThatTriesAgainAfterARefusalIsNotSuspected() throws {
        var maker = FlowMaker()
        maker.send(.client, .syn, at: 0)
        maker.send(.server, [.rst, .ack], ack: 1, window: 0, at: 30)
        maker.send(.client, .syn, at: 530)
        maker.send(.server, [.syn, .ack], ack: 1, at: 560)
        maker.send(.client, .ack, seq: 1, ack: 1)
        #expect(try signs(maker).verdict == .unsuspicious)
    }

    @Test func resetWithAnotherTimeToLiveIsTold() throws {
        var maker = opened()
        maker.send(.server, [.rst, .ack], seq: 1, ack: 101, at: 33) { $0.timeToLive = 61 }
        let flow = try #require(maker.read().flows.first)
        #expect(flow.forgery == .timeToLive)
        #expect(flow.troubles.first?.text.contains("time to live 61, its other packets 53") == true)
    }

    @Test func dataBehindAFINIsASign() throws {
        var maker = opened()
        maker.send(.server, [.fin, .ack], seq: 1, ack: 101, at: 33)
        maker.send(.server, .ack, seq: 1, ack: 101, bytes: 50, at: 61)
        #expect(try signs(maker) == .dataAfterFIN)
    }

    @Test func refusalSoonerThanTheWayAllowsIsASign() throws {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .syn, at: 100) { $0.sourcePort = 50_000 }
        maker.send(.server, [.rst, .ack], ack: 1, at: 100.2) { $0.destinationPort = 50_000 }
        let flow = try #require(maker.read().flows.last)
        #expect(flow.forgery == .tooSoon)
        #expect(flow.connectionState == "REJ")
        #expect(flow.troubles.map(\.kind) == [.forgedEnd, .refused])
    }
}
