import FerryCore
import FerryImage
import Foundation
import Glibc

@testable import FerryStaging

/// A data directory with the volume web01/sda of four regions, each with a block of content; made a generation on demand.
final class VolumeFixture {
    let folder: Folder
    private(set) var store: StagingStore
    private(set) var volume: Volume
    let size = ByteCount.mebibytes(3) + ByteCount(777)

    var data: String { "\(folder.path)/data" }
    var catalog: VolumeCatalog {
        // The store is the catalog: LMDB wants one environment in a process.
        VolumeCatalog(store: store)
    }

    init(devices: [String: String] = [:]) throws {
        folder = try Folder()
        store = try StagingStore(directory: "\(folder.path)/data", devices: devices)
        try store.claim(JobID("web01"), for: AgentName("agent-1"))
        volume = try VolumeFixture.open(store, size, "serial=1")
        for region in 0..<4 { try write(UInt8(region + 1), to: region) }
    }

    private static func open(_ store: StagingStore, _ size: ByteCount, _ identity: String) throws -> Volume {
        try store.openVolume(job: JobID("web01"), disk: DiskName("sda"), size: size, identity: identity, cutRule: 1)
    }

    /// The volume as an agent gets it that knows its disk by `identity`.
    func open(size: ByteCount? = nil, identity: String = "serial=1") throws -> Volume {
        volume = try VolumeFixture.open(store, size ?? self.size, identity)
        return volume
    }

    /// Ends the server, has something happen to its files, and starts it again with other devices.
    func restart(devices: [String: String] = [:], _ meanwhile: () throws -> Void = {}) throws {
        // One index at a time: both are let go of before it is opened again.
        let elsewhere = try Folder()
        store = try StagingStore(directory: elsewhere.path)
        volume = try VolumeFixture.open(store, size, "")
        try meanwhile()
        store = try StagingStore(directory: data, devices: devices)
    }

    /// Writes one block of content to `region`, and its record to the index if `isIndexed`.
    func write(_ byte: UInt8, to region: Int, isIndexed: Bool = true) throws {
        let extent = ImageLayout.extent(ofRegion: region, disk: size)
        let blocks = ImageLayout.blockCount(ofRegion: region, disk: size)
        let content = [UInt8](repeating: byte, count: min(ImageLayout.blockSize, extent.length.int))
        try content.withUnsafeBytes { try volume.storage.write($0, at: extent.start.bytes) }
        var record = RegionRecord(runs: [
            Run(.chunk, blocks: 1, digest: content.withUnsafeBytes { SHA256.digest(of: $0) })
        ])
        if blocks > 1 { record.runs.append(Run(.unused, blocks: blocks - 1)) }
        guard isIndexed else { return }
        volume.note([(UInt32(region), record.encoded)])
        try store.commit([volume])
    }

    /// Makes a generation of what the index says.
    func makeGeneration() throws {
        let root = try ReadBack.root(of: volume, in: store.index)
        let time = UTCTime.now().description
        let dataBytes = UInt64(3 * ImageLayout.blockSize + 777)
        try store.addGeneration(
            GenerationRecord(
                number: volume.record.lastGeneration + 1,
                pass: volume.record.lastPass + 1,
                root: root.description,
                isConsistent: true,
                startedAt: time,
                endedAt: time,
                verifiedAt: time,
                dataBytes: dataBytes,
                damagedBytes: 0,
                unusedBytes: size.bytes - dataBytes
            ),
            to: volume
        )
        volume = try store.reopened(volume)
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    func bytes(of name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

    /// The bytes of the volume's file.
    func content() throws -> Data { try bytes(of: "data/volumes/web01/sda.raw") }

    /// What there is beside the data directory.
    var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "data" }.sorted()
        }
    }
}

/// The `FerryError` that `body` throws.
func failure(_ body: () throws -> some Any) -> FerryError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? FerryError }
}
