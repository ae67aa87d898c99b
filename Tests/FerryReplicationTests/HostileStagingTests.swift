import FerryCore
import FerryImage
import FerryTransport
import FerryWire
import Testing

@testable import FerryReplication

@Suite("A staging server that is broken or means harm", .timeLimit(.minutes(5)))
struct HostileStagingTests {
    private let image = DriverFixture.Image(regions: 16, withContent: Array(0..<16), blocks: 256)

    @Test func repairBeforeTheDiskIsOpenChangesNothing() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .openDisk(let open) = message else { return false }
                    for pass in [1, 7, UInt64.max] { peer.say(.repair(disk: open.disk, pass: pass, regions: [])) }
                    return false
                }
                driver.start()
            }
            try await fixture.finish()
            #expect(fixture.verifiedRoots.count == 1)
        }
    }

    @Test func repairsOfNothingThatWasSentAddNothing() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .offer(let offer) = message, peer.number == 1 else { return false }
                    for _ in 0..<100 {
                        peer.say(.repair(disk: offer.disk, pass: 0, regions: []))
                        peer.say(.repair(disk: offer.disk, pass: 0, regions: Array(0..<16)))
                        peer.say(.repair(disk: offer.disk, pass: 1, regions: []))
                    }
                    return true
                }
                driver.start()
            }
            try await fixture.finish()
            let repairs = fixture.events.count { if case .repairing = $0 { true } else { false } }
            #expect(repairs == 0)
        }
    }

    @Test func contentThatArrivesWrongIsSentAgainOnce() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                var hasComplained = false
                staging.wantsContent = true
                staging.script = { message, peer in
                    if case .data(let part) = message, part.batch == 1, !hasComplained {
                        hasComplained = true
                        for _ in 0..<50 { peer.say(.repair(disk: 0, pass: 0, regions: [0, 0, 99])) }
                    }
                    return false
                }
                driver.start()
            }
            try await fixture.finish()
            let repaired = fixture.events.compactMap {
                if case .repairing(_, let regions) = $0 { regions } else { nil }
            }
            #expect(repaired == [1])
        }
    }

    @Test func wholeRegionsThatAreAlwaysOutOfStepEndTheJob() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .offer(let offer) = message else { return false }
                    let regions = offer.regions.map(\.index)
                    peer.say(.need(Need(batch: offer.batch, outOfStep: regions, needed: [])))
                    peer.say(.durable(batch: offer.batch))
                    return true
                }
                driver.start()
            }
            #expect(try await fixture.failure() == .notConverging)
            #expect(try await fixture.on { _, staging in staging.offers } < 20)
        }
    }

    @Test func contentThatIsAlwaysFoundWrongEndsTheJob() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .offer(let offer) = message else { return false }
                    let needed = [Bool](repeating: false, count: ScriptedStaging.runs(of: offer))
                    peer.say(.need(Need(batch: offer.batch, outOfStep: [], needed: needed)))
                    peer.say(.repair(disk: offer.disk, pass: 0, regions: offer.regions.map(\.index)))
                    peer.say(.durable(batch: offer.batch))
                    return true
                }
                driver.start()
            }
            #expect(try await fixture.failure() == .notConverging)
        }
    }

    @Test func durableBeforeItWasSentLosesNothing() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.wantsContent = true
                staging.script = { message, peer in
                    guard case .offer = message, peer.number == 1 else { return false }
                    peer.say(.durable(batch: .max))
                    return true
                }
                driver.start()
            }
            try await fixture.finish()
            let (free, all) = try await fixture.on { driver, _ in (driver.freeBuffers.count, driver.bufferCount) }
            #expect(free == all)
        }
    }

    @Test func anotherManifestThanTheOneThatWasSentIsNotVerified() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .endPass(let end) = message, peer.number == 1 else { return false }
                    var root = end.root
                    root.words.3 ^= 1
                    peer.say(.verified(disk: end.disk, pass: end.pass, generation: 1, root: root))
                    return true
                }
                driver.start()
            }
            try await fixture.finish()
            let sent = try await fixture.on { driver, _ in driver.disks[0].root }
            #expect(fixture.verifiedRoots == [try #require(sent)])
            let codes = fixture.events.compactMap { if case .laneEnded(let end) = $0 { end.error?.code } else { nil } }
            #expect(codes == [.otherManifest])
        }
    }

    @Test func readBackOfAnyLengthIsToldWithinTheDisk() async throws {
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .endPass = message else { return false }
                    for disk in [0, 9] as [UInt16] {
                        peer.say(.verifying(disk: disk, done: ByteCount(UInt64.max), total: ByteCount(UInt64(1) << 63)))
                    }
                    return false
                }
                driver.start()
            }
            try await fixture.finish()
            let told = fixture.events.compactMap { if case .verifying(_, let done, _) = $0 { done } else { nil } }
            #expect(told == [.mebibytes(16)])
        }
    }
}
