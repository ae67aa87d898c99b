import NIOCore
import Testing

@testable import FerryReplication

struct StallWatchTests {
    private let start = NIODeadline.uptimeNanoseconds(1)

    @Test func tellsAStandstillOnceAMinuteAndLaterLessOften() {
        var watch = StallWatch(at: start)
        let position = StallWatch.Position(scanned: 1, packed: 1, answers: 1)
        let told = (0..<600).filter {
            watch.note(position, waitsForAnswer: true, at: start + .seconds(Int64($0))) != nil
        }
        #expect(told == [60, 180, 420])
    }

    @Test func staysQuietWhileAnythingMoves() {
        var watch = StallWatch(at: start)
        for second in 0..<1000 {
            let position = StallWatch.Position(scanned: 0, packed: 0, answers: second / 50)
            #expect(watch.note(position, waitsForAnswer: true, at: start + .seconds(Int64(second))) == nil)
        }
    }

    @Test func staysQuietWhileNobodyIsWaitedFor() {
        var watch = StallWatch(at: start)
        for second in 0..<1000 {
            let time = start + .seconds(Int64(second))
            #expect(watch.note(StallWatch.Position(), waitsForAnswer: second % 50 == 0, at: time) == nil)
        }
    }
}
