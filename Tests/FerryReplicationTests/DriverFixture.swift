import FerryAddress
import FerryCore
import FerryDisk
import FerryImage
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import FerryReplication

/// A `JobDriver` at work on image files against a scripted staging server.
final class DriverFixture: Sendable {
    /// A block with content, at the beginning of each of these regions; the rest of the disk is zeros.
    struct Image: Sendable {
        var regions: Int
        var withContent: [Int]
        /// Blocks with content in each of those.
        var blocks = 1
    }

    private enum Failure: Error { case tookTooLong }

    let eventLoop: any EventLoop
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let workers = NIOThreadPool(numberOfThreads: 1)
    private let resolving = NIOThreadPool(numberOfThreads: 1)
    private let listener: any Channel
    private let driver: NIOLoopBoundBox<JobDriver?>
    private let staging: NIOLoopBoundBox<ScriptedStaging?>
    private let finished: EventLoopPromise<ReplicationOutcome>
    private let told = Mutex<[ReplicationEvent]>([])
    private let folder: String

    /// Runs `body` with a driver that was not started.
    static func with(
        _ images: [Image],
        lanes: Int = 1,
        room: StateRoom = .ofThisServer,
        _ body: (DriverFixture) async throws -> Void
    ) async throws {
        let fixture = try await DriverFixture()
        do {
            try await fixture.make(images, lanes: lanes, room: room)
            try await body(fixture)
        } catch {
            Issue.record(error)
        }
        try await fixture.end()
    }

    private init() async throws {
        folder = FileManager.default.temporaryDirectory.path + "/ferry-driver-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let eventLoop = group.next()
        self.eventLoop = eventLoop
        finished = eventLoop.makePromise(of: ReplicationOutcome.self)
        driver = NIOLoopBoundBox.makeEmptyBox(valueType: JobDriver.self, eventLoop: eventLoop)
        staging = NIOLoopBoundBox.makeEmptyBox(valueType: ScriptedStaging.self, eventLoop: eventLoop)
        workers.start()
        resolving.start()
        listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
    }

    private func make(_ images: [Image], lanes: Int, room: StateRoom) async throws {
        var configuration = ReplicationConfiguration(
            job: try JobID("web01"),
            disks: [],
            endpoints: [try EndpointAddress(parsing: "127.0.0.1:8703")],
            release: "9.9"
        )
        configuration.memory = .mebibytes(32)
        configuration.lanes = lanes
        configuration.cores = 64
        let disks = try images.enumerated().map { index, image in
            let path = "\(folder)/sd\(index)"
            try DriverFixture.content(of: image).write(to: URL(fileURLWithPath: path))
            let disk = try Disk(path: path, access: .cached)
            return (disk, try DiskName("sd\(index)"), try BlockMap(path: nil, size: disk.geometry.size, room: room))
        }
        let address = try #require(listener.localAddress)
        let (job, eventLoop) = (configuration, eventLoop)
        try await eventLoop.submit { [self] in
            let server = ScriptedStaging(eventLoop: eventLoop, address: address)
            staging.value = server
            driver.value = JobDriver(
                configuration: job,
                eventLoop: eventLoop,
                workers: workers,
                resolving: resolving,
                openLane: { _, _, callbacks in server.open(callbacks) },
                disks: disks.enumerated().map { index, disk in
                    DiskJob(index: index, name: disk.1, disk: disk.0, identity: "", map: disk.2)
                },
                tell: { [self] event in told.withLock { $0.append(event) } },
                finished: finished
            )
        }.get()
    }

    private static func content(of image: Image) -> Data {
        var data = Data(count: image.regions * ImageLayout.regionSize)
        for region in image.withContent {
            for block in 0..<image.blocks {
                let start = region * ImageLayout.regionSize + block * ImageLayout.blockSize
                // No block is like another.
                withUnsafeBytes(of: UInt64(start + 1)) { data.replaceSubrange(start..<(start + 8), with: $0) }
            }
        }
        return data
    }

    /// What was told so far.
    var events: [ReplicationEvent] { told.withLock { $0 } }

    /// Roots of the generations that were told.
    var verifiedRoots: [Digest] {
        events.compactMap { if case .verified(_, _, _, let root, _) = $0 { root } else { nil } }
    }

    /// Runs `body` on the event loop.
    func on<Result: Sendable>(
        _ body: @escaping @Sendable (JobDriver, ScriptedStaging) throws -> Result
    ) async throws -> Result {
        try await eventLoop.submit { [self] in
            try body(try #require(driver.value), try #require(staging.value))
        }.get()
    }

    /// Waits until `condition` holds.
    func wait(until condition: @escaping @Sendable (JobDriver, ScriptedStaging) -> Bool) async throws {
        for _ in 0..<2000 {
            if try await on(condition) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Failure.tookTooLong
    }

    /// Waits for the end of the job.
    @discardableResult
    func finish(within limit: TimeAmount = .seconds(20)) async throws -> ReplicationOutcome {
        let limited = eventLoop.makePromise(of: ReplicationOutcome.self)
        finished.futureResult.cascade(to: limited)
        let timer = eventLoop.scheduleTask(in: limit) { limited.fail(Failure.tookTooLong) }
        defer { timer.cancel() }
        return try await limited.futureResult.get()
    }

    /// The code of the error with which the job ends; nil if it ends well.
    func failure(within limit: TimeAmount = .seconds(20)) async throws -> ErrorCode? {
        do {
            try await finish(within: limit)
            return nil
        } catch let error as FerryError {
            return error.code
        }
    }

    /// Holds on to neither any more.
    func letGo() async throws {
        try await eventLoop.submit { [self] in
            driver.value = nil
            staging.value = nil
        }.get()
    }

    private func end() async throws {
        try await eventLoop.submit { [self] in
            driver.value?.fail(CancellationError())
            finished.fail(CancellationError())
        }.get()
        try await letGo()
        try await workers.shutdownGracefully()
        try await resolving.shutdownGracefully()
        try await group.shutdownGracefully()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
