import FerryCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import FerryStaging

/// An HTTP service over an empty data directory, without lanes.
struct HTTPFixture: Sendable {
    let folder: Folder
    let store: StagingStore
    let counters: StagingCounters
    let eventLoop: any EventLoop
    let port: Int

    var data: String { "\(folder.path)/data" }

    /// Runs `body` with a service of its own.
    static func with(
        patience: TimeAmount = HTTPService.patience,
        bodyPatience: TimeAmount = HTTPService.bodyPatience,
        _ body: @Sendable (HTTPFixture) async throws -> Void
    ) async throws {
        let folder = try Folder()
        let store = try StagingStore(directory: "\(folder.path)/data")
        let counters = StagingCounters()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        let eventLoop = group.next()
        let core = try await eventLoop.submit {
            NIOLoopBound(
                StagingCore(
                    store: store,
                    eventLoop: eventLoop,
                    workers: workers,
                    indexer: workers,
                    counters: counters,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                    release: "9.9"
                ),
                eventLoop: eventLoop
            )
        }.get()
        let service = try await HTTPService.listen(
            on: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            group: group,
            core: core,
            report: StatusReport(store: store, counters: counters, release: "9.9"),
            patience: patience,
            bodyPatience: bodyPatience
        )
        let port = Int(service.address.split(separator: ":").last ?? "") ?? 0
        do {
            try await body(
                HTTPFixture(folder: folder, store: store, counters: counters, eventLoop: eventLoop, port: port)
            )
        } catch {
            Issue.record(error)
        }
        try await service.close()
        try await workers.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    /// Makes a volume with one generation.
    func addVolume(_ job: String, _ disk: String, generation: Bool = true) throws {
        let volume = try store.openVolume(
            job: try JobID(job),
            disk: try DiskName(disk),
            size: .mebibytes(8),
            identity: "serial=SECRET-SERIAL",
            cutRule: 1
        )
        guard generation else { return }
        let record = GenerationRecord(
            number: 1,
            pass: 3,
            root: String(repeating: "ab", count: 32),
            isConsistent: true,
            startedAt: "2026-01-01T00:00:00.000000Z",
            endedAt: "2026-01-01T00:01:00.000000Z",
            verifiedAt: "2026-01-01T00:02:00.000000Z",
            dataBytes: 4096,
            damagedBytes: 0,
            unusedBytes: 8192
        )
        try store.addGeneration(record, to: volume)
    }
}
