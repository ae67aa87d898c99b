import FerryCore
import Testing

@testable import FerryStaging

@Suite("A volume that no agent has opened since the server started")
struct UnusedVolumesTests {
    @Test func isOpenedOnceForAllChunksThatAreFoundOnIt() throws {
        let fixture = try VolumeFixture()
        let number = fixture.volume.record.number
        try fixture.restart()
        let first = try #require(fixture.store.volume(number))
        #expect(fixture.store.volume(number) === first)
        #expect(try fixture.open() !== first)
        #expect(fixture.store.volume(number) === fixture.volume)
    }

    @Test func isNotTriedForEachChunkIfItCannotBeOpened() {
        let volumes = UnusedVolumes()
        var tries = 0
        for _ in 0..<1000 {
            let volume = volumes.volume(7) {
                tries += 1
                return nil
            }
            #expect(volume == nil)
        }
        #expect(tries == 1)
        volumes.forget(7)
        _ = volumes.volume(7) {
            tries += 1
            return nil
        }
        #expect(tries == 2)
    }

    @Test func isClosedWhenOthersAreUsedMore() throws {
        let fixture = try VolumeFixture()
        let volumes = UnusedVolumes()
        var opened: [UInt32] = []
        func use(_ number: UInt32) {
            _ = volumes.volume(number) {
                opened.append(number)
                return fixture.volume
            }
        }
        for number: UInt32 in 0..<16 { use(number) }
        use(0)
        use(16)
        #expect(opened == Array(0...16))
        use(0)
        #expect(opened.count == 17)
        use(1)
        #expect(opened.count == 18)
    }
}
