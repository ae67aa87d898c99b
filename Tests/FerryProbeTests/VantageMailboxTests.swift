import FerryEvidence
import Testing

@testable import FerryProbe

/// Waiting for answers.
@Suite(.timeLimit(.minutes(5)))
struct VantageMailboxTests {
    @Test func answerThatCameBeforeOrComesMeanwhileIsHandedOn() async {
        let mailbox = VantageMailbox()
        mailbox.put(VantageAnswer(id: 1))
        #expect(await mailbox.next(within: 1000)?.id == 1)
        async let next = mailbox.next(within: 1000)
        mailbox.put(VantageAnswer(id: 2))
        #expect(await next?.id == 2)
    }

    @Test func waitingEndsWithItsTime() async {
        let mailbox = VantageMailbox()
        #expect(await mailbox.next(within: 0.01) == nil)
        // What is over does not end what comes after it.
        mailbox.put(VantageAnswer(id: 3))
        #expect(await mailbox.next(within: 1000)?.id == 3)
    }

    @Test func waitingEndsWhenNoMoreCanCome() async {
        let mailbox = VantageMailbox()
        async let next = mailbox.next(within: 1000)
        mailbox.close()
        #expect(await next == nil)
        #expect(await mailbox.next(within: 1000) == nil)
    }

    @Test(arguments: [0, 50])
    func waitingEndsWithWhoeverWaits(milliseconds: Int) async throws {
        let mailbox = VantageMailbox()
        let waiting = Task { await mailbox.next(within: 1000) }
        try await Task.sleep(for: .milliseconds(milliseconds))
        waiting.cancel()
        #expect(await waiting.value == nil)
        // The next one who waits is not meant.
        async let next = mailbox.next(within: 1000)
        mailbox.put(VantageAnswer(id: 4))
        #expect(await next?.id == 4)
    }

    @Test func vantageThatNobodyWaitedForIsNotGone() async {
        let connection = VantageConnection(reach: "tls://v.example:1")
        connection.use(SilentLink())
        for _ in 0..<3 {
            let asking = Task { await connection.host(HostPlan(id: "h", vantage: "v", ownPorts: [], peers: [])) }
            asking.cancel()
            #expect(await asking.value.vantageProblem?.contains("was not waited for any longer") == true)
        }
        #expect(!connection.isGone)
    }
}

/// Takes every question and answers none.
private struct SilentLink: VantageLink {
    func send(_ line: String) {}
    func close() {}
}
