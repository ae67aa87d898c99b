import FerryCore
import FerryImage
import Foundation
import Synchronization
import Testing

@testable import FerryReplication

struct StateRoomTests {
    /// What is left of a file system of 20 GiB, or of the memory.
    private final class Left: Sendable {
        let bytes: Mutex<UInt64>

        init(_ bytes: UInt64) { self.bytes = Mutex(bytes) }

        var room: StateRoom {
            StateRoom(
                space: { [self] _ in StateRoom.Space(size: 20 << 30, available: bytes.withLock { $0 }) },
                availableMemory: { [self] in bytes.withLock { $0 } }
            )
        }
    }

    private let reserve: UInt64 = 1 << 30
    private let size = ByteCount.mebibytes(8)

    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-room-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func code(_ body: () throws -> Void) -> ErrorCode? {
        do {
            try body()
            return nil
        } catch { return (error as? FerryError)?.code }
    }

    private func remember(_ index: Int, in map: BlockMap) throws {
        let tags = [BlockTag](repeating: .zero, count: ImageLayout.regionBlocks)
        try tags.withUnsafeBufferPointer { try map.remember(index, leaf: Digest(), tags: $0, pass: 1) }
    }

    @Test func newMapIsRefusedWhereTheReserveIsUsedUp() throws {
        try withPath { path in
            #expect(code { _ = try BlockMap(path: path, size: size, room: Left(reserve).room) } == .stateUnusable)
        }
    }

    @Test func tagsAreNotWrittenIntoTheReserve() throws {
        try withPath { path in
            let left = Left(reserve + (1 << 20))
            let map = try BlockMap(path: path, size: size, room: left.room)
            try remember(0, in: map)
            left.bytes.withLock { $0 = reserve + 4095 }
            #expect(code { try remember(1, in: map) } == .stateUnusable)
            #expect(map.entry(1) == nil)
            #expect(code { try remember(0, in: map) } == nil, "what is there takes no more room")
            #expect(code { try map.remember(1, empty: .zero, leaf: Digest(), pass: 1) } == nil)
            left.bytes.withLock { $0 = reserve + 4096 }
            #expect(code { try remember(1, in: map) } == nil)
        }
    }

    @Test func mapThatIsWholeNeedsNoMore() throws {
        try withPath { path in
            let map = try BlockMap(path: path, size: size, room: Left(reserve + (1 << 20)).room)
            #expect(map.missing(forContent: size) > 4 * 4096)
            for index in 0..<8 { try remember(index, in: map) }
            #expect(map.missing(forContent: size) == 0)
            let full = try BlockMap(path: path, size: size, room: Left(0).room)
            #expect(code { try full.requireRoom(0) } == nil)
        }
    }

    @Test func aQuarterOfTheMemoryMayBeTaken() throws {
        let map = try BlockMap(path: nil, size: .gibibytes(4000), room: Left(4 << 30).room)
        #expect(map.missing(forContent: .gibibytes(100)) < 1 << 30)
        #expect(code { try map.requireRoom(map.missing(forContent: .gibibytes(100))) } == nil)
        #expect(code { try map.requireRoom(map.missing(forContent: .gibibytes(1000))) } == .stateUnusable)
    }

    @Test func theKernelSaysWhatThereIs() throws {
        try withPath { path in
            let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
            defer { close(descriptor) }
            let space = try #require(StateRoom.ofThisServer.space(descriptor))
            #expect(space.size >= space.available)
            #expect(try #require(StateRoom.ofThisServer.availableMemory()) > 1 << 20)
        }
    }

    @Test func jobForWhichThereIsNoRoomIsRefusedBeforeItBegins() async throws {
        let image = DriverFixture.Image(regions: 16, withContent: [0])
        try await DriverFixture.with([image, image], room: Left(400_000).room) { fixture in
            try await fixture.on { driver, _ in driver.start() }
            #expect(try await fixture.failure() == .stateUnusable)
            #expect(try await fixture.on { _, staging in staging.offers } <= 1)
        }
    }
}
