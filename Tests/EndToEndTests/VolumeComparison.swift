import FerryCore
import FerryDisk
import Foundation

/// Compares a volume with its disk: used blocks byte for byte, every other for zeros.
enum VolumeComparison {
    /// The first difference in words; nil if there is none. What follows the disk on a larger volume is not looked at.
    static func difference(of disk: String, _ volume: String, sameSize: Bool = true) throws -> String? {
        let source = try Disk(path: disk)
        let usage = try DiskUsage(of: source)
        guard let copy = FileHandle(forReadingAtPath: volume), let original = FileHandle(forReadingAtPath: disk) else {
            return "cannot open \(volume) and \(disk)"
        }
        defer {
            try? copy.close()
            try? original.close()
        }
        let size = source.geometry.size.bytes
        let end = try copy.seekToEnd()
        if sameSize, end != size { return "the volume has \(end) B, the disk \(size) B" }
        let step = UInt64(1 << 20)
        var offset: UInt64 = 0
        while offset < size {
            let length = min(step, size - offset)
            try copy.seek(toOffset: offset)
            try original.seek(toOffset: offset)
            var expected = try original.read(upToCount: Int(length)) ?? Data()
            let range = Extent(start: ByteCount(offset), length: ByteCount(length))
            for run in usage.unusedExtents(in: range) {
                let from = Int(run.start.bytes - offset)
                expected.resetBytes(in: from..<(from + run.length.int))
            }
            let found = try copy.read(upToCount: Int(length)) ?? Data()
            if found != expected {
                let place = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? -1
                return "the volume differs from the disk at byte \(Int(offset) + place)"
            }
            offset += length
        }
        return nil
    }
}
