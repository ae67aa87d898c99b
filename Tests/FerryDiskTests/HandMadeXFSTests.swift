import FerryCore
import Testing

@testable import FerryDisk

/// Fuzzing begins with it: what it is must be understood, or nothing is fuzzed.
@Suite struct HandMadeXFSTests {
    @Test func handMadeXFSIsUnderstood() throws {
        let usage = try DiskUsage(of: MemoryDisk(HandMadeXFS().bytes), mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings == [])
        let whole = usage.inspection.geometry.wholeDisk
        let map = try XFSMap(of: MemoryDisk(HandMadeXFS().bytes), region: whole, isLive: false)
        var runs: [Range<Int>] = []
        _ = try map.survey { runs.append(Int($0.start.bytes / 512)..<Int($0.end.bytes / 512)) }
        #expect(runs == HandMadeXFS.free)
    }
}
