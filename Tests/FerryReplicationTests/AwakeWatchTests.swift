import NIOCore
import Testing

@testable import FerryReplication

struct AwakeWatchTests {
    private let start = NIODeadline.uptimeNanoseconds(1)

    @Test func countsSilenceFromTheEndOfAPause() {
        var watch = AwakeWatch(at: start)
        let late = (1...30).filter { watch.tick(at: start + .seconds(Int64($0))) }
        #expect(late.isEmpty && watch.since == start)
        let isLate = watch.tick(at: start + .seconds(90))
        #expect(isLate && watch.since == start + .seconds(90))
        let isStillLate = watch.tick(at: start + .seconds(91))
        #expect(!isStillLate)
        #expect(watch.since == start + .seconds(90))
    }

    @Test func takesALittleLatenessForChance() {
        var watch = AwakeWatch(at: start)
        let isLate = watch.tick(at: start + .seconds(5))
        #expect(!isLate && watch.since == start)
    }
}
