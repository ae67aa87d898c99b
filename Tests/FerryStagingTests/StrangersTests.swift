import FerryCore
import FerryWire
import NIOCore
import Testing

@testable import FerryStaging
@testable import FerryTransport

@Suite("Strangers at the port of the lanes", .serialized, .timeLimit(.minutes(5))) struct StrangersTests {
    @Test func connectionsWithoutACertificateAreLimitedAndAgentsComeInWhenTheyAreGone() async throws {
        try await CoreFixture.with { fixture in
            var strangers = try (0..<StrangerLimit.mostFromOneOrigin).map { _ in
                try HTTPClient(port: fixture.port, patience: 3)
            }
            let late = try HTTPClient(port: fixture.port, patience: 3)
            #expect(late.receive() == [], "one too many is kept")
            strangers.removeAll()
            var isWelcome = false
            for _ in 0..<100 where !isWelcome {
                if let agent = try? await fixture.agent() {
                    try await agent.greet("job01")
                    isWelcome = true
                    try await agent.end()
                } else {
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(isWelcome)
        }
    }

    @Test func agentsAreNotCounted() async throws {
        try await CoreFixture.with { fixture in
            var agents: [TestAgent] = []
            for _ in 0...StrangerLimit.mostFromOneOrigin { agents.append(try await fixture.agent()) }
            for agent in agents { try await agent.end() }
        }
    }

    @Test func theyAreLimitedFromEachAddressAndInAll() throws {
        func address(_ last: Int) throws -> SocketAddress { try SocketAddress(ipAddress: "192.0.2.\(last)", port: 1) }
        let limit = StrangerLimit()
        var admitted = 0
        for last in 0..<20 {
            let stranger = try address(last)
            for _ in 0..<300 where limit.admit(stranger) { admitted += 1 }
            #expect(admitted == min((last + 1) * StrangerLimit.mostFromOneOrigin, StrangerLimit.most))
        }
        limit.leave(try address(0))
        let last = try address(19)
        #expect(limit.admit(last) && !limit.admit(last))
        #expect(limit.turnAway() && !limit.turnAway())
        #expect(limit.takeTurnedAway() == 2 && limit.turnAway())
    }

    @Test func oneIPv6NetworkHasNoMoreRoomThanOneAddress() throws {
        let limit = StrangerLimit(most: 10, mostFromOneOrigin: 3)
        func admitted(_ addresses: [String]) throws -> Int {
            try addresses.count { limit.admit(try SocketAddress(ipAddress: $0, port: 1)) }
        }
        #expect(try admitted((1...9).map { "2001:db8:0:1::\($0)" }) == 3)
        #expect(try admitted(["2001:db8:0:2::1", "2001:db8:0:2:ffff::1"]) == 2)
        // An IPv4 address in an IPv6 socket is one of its own.
        #expect(try admitted(["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::ffff:192.0.2.3", "::ffff:192.0.2.4"]) == 4)
        #expect(try admitted(["192.0.2.5", "192.0.2.6"]) == 1, "there is room for ten in all")
    }

    @Test func whatTheySayIsLoggedWithoutWhatATerminalObeys() {
        let name = "a\nlevel=info\r\u{1B}[2Jb\u{202E}c\u{9B}31m\u{7F}\u{2028}ü"
        #expect(name.logged == "a\\u{a}level=info\\u{d}\\u{1b}[2Jb\\u{202e}c\\u{9b}31m\\u{7f}\\u{2028}ü")
        #expect(String(repeating: "x", count: 5000).logged.count < 1100)
        do {
            _ = try JobID(name)
        } catch {
            #expect(error.logged.unicodeScalars.allSatisfy { $0.value >= 32 })
        }
    }
}
