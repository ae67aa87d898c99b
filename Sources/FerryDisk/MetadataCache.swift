internal import FerryCore
internal import Synchronization

/// Reads a file system's structures in windows, and keeps the few it used last.
///
/// Bitmaps and tree blocks lie close together, and direct reads pay for each request; a window fetches a flex group's
/// bitmaps at once.
final class MetadataCache: Sendable {
    static let windowSize = 64 << 10
    private static let capacity = 16

    private struct Window {
        var start: UInt64
        var bytes: DiskBytes
        var lastUse: UInt64
    }

    private struct State {
        var windows: [Window] = []
        var clock: UInt64 = 0
    }

    let disk: any DiskReader
    /// The file system's region; offsets count from its start, and nothing outside of it is read.
    let region: Extent
    private let state = Mutex(State())

    init(_ disk: any DiskReader, region: Extent) {
        self.disk = disk
        self.region = region
    }

    /// The `count` bytes at `offset` from the start of the region.
    func bytes(at offset: UInt64, count: Int) throws(FerryError) -> DiskBytes {
        guard count >= 0, UInt64(count) <= region.length.bytes, offset <= region.length.bytes - UInt64(count) else {
            throw .inconsistentMap("a structure at byte \(offset) lies outside of the file system")
        }
        let size = UInt64(MetadataCache.windowSize)
        let start = offset / size * size
        guard offset + UInt64(count) <= start + size else {
            return try DiskBytes(of: disk, at: region.start + ByteCount(offset), count: count)
        }
        let window = try window(at: start)
        return DiskBytes(Array(try window.slice(Int(offset - start), count: count)))
    }

    /// Forgets everything, so that a structure that changed meanwhile is read again.
    func forget() { state.withLock { $0.windows.removeAll() } }

    private func window(at start: UInt64) throws(FerryError) -> DiskBytes {
        let known: DiskBytes? = state.withLock { state in
            state.clock += 1
            guard let index = state.windows.firstIndex(where: { $0.start == start }) else { return nil }
            state.windows[index].lastUse = state.clock
            return state.windows[index].bytes
        }
        if let known { return known }
        let length = min(UInt64(MetadataCache.windowSize), region.length.bytes - start)
        let bytes = try DiskBytes(of: disk, at: region.start + ByteCount(start), count: Int(length))
        state.withLock { state in
            if state.windows.count >= MetadataCache.capacity,
                let oldest = state.windows.indices.min(by: { state.windows[$0].lastUse < state.windows[$1].lastUse })
            {
                state.windows.remove(at: oldest)
            }
            state.windows.append(Window(start: start, bytes: bytes, lastUse: state.clock))
        }
        return bytes
    }
}
