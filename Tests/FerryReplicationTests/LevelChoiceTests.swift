import NIOCore
import Testing

@testable import FerryReplication

struct LevelChoiceTests {
    private let start = NIODeadline.uptimeNanoseconds(1)

    /// Runs `seconds` of a link that is full or not, at a share of one core for each level that is in use.
    private func run(
        _ choice: inout LevelChoice,
        from: Int = 0,
        seconds: Int,
        isFull: Bool,
        shareOfACore: (Int) -> Double
    ) -> Int {
        // Enough that it looks like more than what was used before.
        var used = 1000.0 * Double(from)
        for step in (from * 10)..<((from + seconds) * 10) {
            used += shareOfACore(choice.level) / 10
            choice.note(linkIsFull: isFull, used: used, at: start + .milliseconds(Int64(step * 100)))
        }
        return choice.level
    }

    @Test func stayLowWhileTheLinkWaits() {
        var choice = LevelChoice(hasRateBudget: false, cores: 2, used: 0, at: start)
        #expect(run(&choice, seconds: 10, isFull: false) { _ in 0.1 } == 1)
    }

    @Test func growsToTheHighestOnASlowLinkWithAProcessorToSpare() {
        var choice = LevelChoice(hasRateBudget: false, cores: 1, used: 0, at: start)
        #expect(run(&choice, seconds: 20, isFull: true) { 0.02 * Double($0) } == 9)
    }

    @Test func keepsTheProcessorFreeWhereARateBudgetAsksForLittle() {
        var choice = LevelChoice(hasRateBudget: true, cores: 1, used: 0, at: start)
        let level = run(&choice, seconds: 60, isFull: true) { 0.012 * Double($0) }
        #expect((3...5).contains(level), "level \(level)")
    }

    @Test func comesDownAgainWhenALevelCostsTooMuch() {
        var choice = LevelChoice(hasRateBudget: true, cores: 1, used: 0, at: start)
        #expect(run(&choice, seconds: 20, isFull: true) { _ in 0.01 } == 9)
        #expect(run(&choice, from: 20, seconds: 20, isFull: true) { _ in 0.2 } <= 3)
    }
}
