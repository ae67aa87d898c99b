import FerryCore
import NIOCore
import Testing

@testable import FerryReplication

@Suite(.timeLimit(.minutes(5)))
struct GatheringTests {
    /// Three of the regions of each scan wait for more; those of three disks hold nine of the ten buffers.
    @Test func severalDisksThatGatherDoNotKeepAllBuffers() async throws {
        let image = DriverFixture.Image(regions: 8, withContent: [0, 1, 2, 4, 5, 6])
        try await DriverFixture.with([image, image, image]) { fixture in
            try await fixture.on { driver, _ in
                for disk in driver.disks { disk.restsUntil = .now() + .hours(1) }
                driver.start()
            }
            try await fixture.wait { driver, _ in driver.disks.allSatisfy { $0.phase == .scanning } }
            for index in 0..<3 {
                try await fixture.on { driver, _ in
                    driver.disks[index].restsUntil = .now()
                    driver.pump()
                    #expect(driver.disks[index].scansUnderWay == 1)
                    driver.disks[index].restsUntil = .now() + .hours(1)
                }
                try await fixture.wait { driver, _ in driver.scansUnderWay == 0 }
                guard index < 2 else { continue }
                #expect(try await fixture.on { driver, _ in driver.disks[index].gathered.count } == 3)
            }
            try await fixture.on { driver, _ in
                for disk in driver.disks { disk.restsUntil = .now() }
                driver.pump()
            }
            try await fixture.finish()
            #expect(fixture.verifiedRoots.count == 3)
        }
    }
}
