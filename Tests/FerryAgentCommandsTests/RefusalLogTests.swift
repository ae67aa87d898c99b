import Synchronization
import Testing

@testable import FerryAgentCommands

struct RefusalLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    @Test func refusalsAreOneLineASecondAndTheOthersAreCounted() {
        let lines = Lines()
        let log = RefusalLog { line in lines.all.withLock { $0.append(line) } }
        let start = ContinuousClock.now
        for tenth in 0..<10 { log.tell("refused \(tenth)", at: start + .milliseconds(100 * tenth)) }
        log.tell("refused 10", at: start + .milliseconds(1000))
        log.tell("refused 11", at: start + .milliseconds(2000))
        log.tell("refused 12", at: start + .milliseconds(2100))
        log.end()
        log.end()
        let expected = [
            "ferry-agent: refused 0", "ferry-agent: refused 10 (9 more were refused since the last line)",
            "ferry-agent: refused 11", "ferry-agent: 1 more were refused since the last line",
        ]
        #expect(lines.all.withLock { $0 } == expected)
    }
}
