import FerryCore
import FerryDisk

/// A disk in memory, for bytes that no tool would write.
struct MemoryDisk: DiskReader {
    var bytes: [UInt8]
    let geometry: DiskGeometry
    let name = "memory"

    init(_ bytes: [UInt8], logicalBlockSize: ByteCount = ByteCount(512 as UInt64)) {
        self.bytes = bytes
        geometry = DiskGeometry(
            size: ByteCount(bytes.count),
            logicalBlockSize: logicalBlockSize,
            physicalBlockSize: .kibibytes(4),
            kind: .imageFile
        )
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError) {
        precondition(offset.int + buffer.count <= bytes.count, "a parser read beyond the end of the disk")
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset.int..<(offset.int + buffer.count)]))
        }
    }
}
