public import FerryCore
public import FerryDisk

/// A disk of which only some sectors are stored and the rest is zero, so that nearly every byte that a fuzzer changes
/// is one that a parser looks at, and the disk may be large.
public struct SparseDisk: DiskReader {
    /// Bytes of a stored sector.
    public static let sectorSize = 512
    /// The largest disk: larger ones have only more groups of the same kind, and take longer.
    static let mostSectors: UInt32 = 1 << 20

    /// The size and the units.
    public let geometry: DiskGeometry
    /// The name that errors carry.
    public let name = "sparse"

    private var bytes: [UInt8]
    /// The stored sectors, ascending, and where in `bytes` each begins.
    private var places: [(sector: UInt64, place: Int)] = []

    /// A disk of `sectors` sectors, of which `records` holds some: for each its number in four bytes, least significant
    /// first, and its content. What is missing of the last is zero; of two for one sector the first counts.
    init(sectors: UInt32, logicalBlockSize: Int, records: UnsafeRawBufferPointer) {
        geometry = DiskGeometry(
            size: ByteCount(UInt64(sectors) * UInt64(SparseDisk.sectorSize)),
            logicalBlockSize: ByteCount(logicalBlockSize),
            physicalBlockSize: .kibibytes(4),
            kind: .imageFile
        )
        bytes = Array(records)
        var place = 0
        while place + 4 < records.count {
            let number = records.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian % sectors
            places.append((UInt64(number), place + 4))
            place += 4 + SparseDisk.sectorSize
        }
        places.sort { $0 < $1 }
        bytes += [UInt8](repeating: 0, count: max(0, place - bytes.count))
    }

    /// Fills `buffer` from `offset`.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError) {
        let size = UInt64(SparseDisk.sectorSize)
        let start = offset.bytes
        precondition(
            UInt64(buffer.count) <= geometry.size.bytes && start <= geometry.size.bytes - UInt64(buffer.count),
            "a parser read beyond the end of the disk"
        )
        let end = start + UInt64(buffer.count)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        var last: UInt64?
        for (sector, place) in places[firstIndex(from: start / size)...] {
            let sectorStart = sector * size
            if sectorStart >= end { return }
            if sector == last { continue }
            last = sector
            let from = max(start, sectorStart)
            let count = Int(min(end, sectorStart + size) - from)
            let source = place + Int(from - sectorStart)
            UnsafeMutableRawBufferPointer(rebasing: buffer[Int(from - start)...])
                .copyBytes(from: bytes[source..<(source + count)])
        }
    }

    /// The place in `places` of the first sector that is not before `sector`.
    private func firstIndex(from sector: UInt64) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle].sector < sector { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The stored sectors, ascending.
    public var storedSectors: [UInt64] { places.map(\.sector) }

    /// The `count` bytes at `offset`; nil if they are not all on the disk.
    public func content(at offset: UInt64, count: Int) -> [UInt8]? {
        let size = geometry.size.bytes
        guard count >= 0, UInt64(count) <= size, offset <= size - UInt64(count) else { return nil }
        var content = [UInt8](repeating: 0, count: count)
        content.withUnsafeMutableBytes { try? read(into: $0, at: ByteCount(offset)) }
        return content
    }

    /// Changes four bytes, least significant first, if their sector is stored.
    public mutating func put(_ value: UInt32, at offset: UInt64) {
        let sector = offset / UInt64(SparseDisk.sectorSize)
        let within = Int(offset % UInt64(SparseDisk.sectorSize))
        let index = firstIndex(from: sector)
        guard index < places.count, places[index].sector == sector, within + 4 <= SparseDisk.sectorSize else { return }
        let place = places[index].place
        for index in 0..<4 { bytes[place + within + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8)) }
    }
}
