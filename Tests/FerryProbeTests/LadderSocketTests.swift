import FerryAddress
import FerryEvidence
import Testing

@testable import FerryProbe

@Suite(.timeLimit(.minutes(5)))
struct LadderSocketTests {
    @Test func whoSpeaksWithoutEndKeepsNobodyFromLookingAtTheTime() {
        let service = LocalService(.speaksWithoutEnd)
        let plan = LadderPlan(id: "l1", vantage: "v", host: "127.0.0.1", port: service.port, sends: .payload)
        let socket = LadderSocket(plan, IPEndpoint(.loopback4, port: service.port))
        #expect(socket.request(timeToLive: 64, within: 5, ProbeStop()).answer == .reached)
        #expect(socket.content([0x2E], timeToLive: 64, within: 5, ProbeStop()).answer == .reached)
        #expect(socket.ending == nil)
        socket.abort()
    }

    @Test func endOfAServiceThatHasSpokenIsSeen() {
        let service = LocalService(.refuses)
        let plan = LadderPlan(id: "l1", vantage: "v", host: "127.0.0.1", port: service.port, sends: .payload)
        let socket = LadderSocket(plan, IPEndpoint(.loopback4, port: service.port))
        #expect(socket.request(timeToLive: 64, within: 5, ProbeStop()).answer == .reached)
        var ending = socket.ending
        while ending == nil { ending = socket.ending }
        #expect(ending == .closed)
    }
}
