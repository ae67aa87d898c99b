import NIOCore
import Testing

@testable import FerryReplication

struct DiskCourtesyTests {
    private let region = 4 << 20

    @Test func givesWayForAsLongAsAStrainedReadTook() {
        var courtesy = DiskCourtesy()
        for _ in 0..<100 { #expect(courtesy.pause(bytes: region, calls: 4, seconds: 0.01) == .zero) }
        #expect(courtesy.pause(bytes: region, calls: 4, seconds: 0.2) == .milliseconds(200))
        #expect(courtesy.pause(bytes: region, calls: 4, seconds: 30) == .seconds(1))
        #expect(courtesy.pause(bytes: region, calls: 4, seconds: 0.01) == .zero)
    }

    @Test func takesADiskThatIsAlwaysSlowForWhatItIs() {
        var courtesy = DiskCourtesy()
        let pauses = (0..<1000).map { _ in courtesy.pause(bytes: region, calls: 4, seconds: 0.2) }
        #expect(pauses.first == .milliseconds(200))
        #expect(pauses.suffix(800).allSatisfy { $0 == .zero })
    }

    @Test func allowsForTheTimeOfManySmallCalls() {
        var courtesy = DiskCourtesy()
        #expect(courtesy.pause(bytes: 256 * 4096, calls: 256, seconds: 0.1) == .zero)
        #expect(courtesy.pause(bytes: 0, calls: 0, seconds: 0) == .zero)
    }
}
