import FerryCore
import FerryWire
import Testing

@testable import FerryStaging
@testable import FerryTransport

@Suite("Strangers at the port of the lanes", .serialized, .timeLimit(.minutes(1))) struct StrangersTests {
    @Test func connectionsWithoutACertificateAreLimitedAndAgentsComeInWhenTheyAreGone() async throws {
        try await CoreFixture.with { fixture in
            var strangers = try (0..<StrangerLimit.mostFromOneAddress).map { _ in
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
            for _ in 0...StrangerLimit.mostFromOneAddress { agents.append(try await fixture.agent()) }
            for agent in agents { try await agent.end() }
        }
    }

    @Test func theyAreLimitedFromEachAddressAndInAll() {
        let limit = StrangerLimit()
        var admitted = 0
        for address in 0..<20 {
            for _ in 0..<300 where limit.admit("192.0.2.\(address)") { admitted += 1 }
            #expect(admitted == min((address + 1) * StrangerLimit.mostFromOneAddress, StrangerLimit.most))
        }
        limit.leave("192.0.2.0")
        #expect(limit.admit("192.0.2.19") && !limit.admit("192.0.2.19"))
        #expect(limit.turnAway() && !limit.turnAway())
        #expect(limit.takeTurnedAway() == 2 && limit.turnAway())
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
