import FerryCore
import Foundation

@testable import FerryDisk

/// Makes ext2, ext3 and ext4 images with files, holes and deleted files in them.
enum Ext4Image {
    /// - Parameter options: What `mke2fs` is given besides the content and the place.
    static func make(_ scratch: Scratch, _ options: [String], mebibytes: Int, seed: UInt64) throws -> String {
        let content = scratch.path("content")
        try writeFiles(in: content, seed: seed)
        let image = try scratch.image(mebibytes: mebibytes)
        try Tool.run("mke2fs", options + ["-q", "-F", "-d", content, image])
        // Deleting leaves holes in the bitmaps.
        let doomed = (0..<40).filter { $0 % 3 == 0 }.map { "rm /file\($0)" }.joined(separator: "\n")
        try Tool.run("debugfs", "-w", "-f", "/dev/stdin", image, input: doomed + "\n")
        return image
    }

    static func writeFiles(in folder: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
        for index in 0..<40 {
            let size = Int.random(in: 1...(300 << 10), using: &random)
            let words = (0..<(size / 8 + 1)).map { _ in random.next() }
            let data = words.withUnsafeBytes { Data($0) }
            try data.write(to: URL(fileURLWithPath: folder + "/file\(index)"))
        }
    }

    /// The free blocks that `dumpe2fs` lists, as extents of the image.
    static func freeExtents(_ image: String) throws -> [Extent] {
        let text = try Tool.run("dumpe2fs", image)
        var blockSize: UInt64 = 0
        var blockCount: UInt64 = 0
        var clusterSize: UInt64?
        var extents: [Extent] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Block size:") { blockSize = UInt64(line.split(separator: " ").last ?? "") ?? 0 }
            if line.hasPrefix("Block count:") { blockCount = UInt64(line.split(separator: " ").last ?? "") ?? 0 }
            if line.hasPrefix("Cluster size:") { clusterSize = UInt64(line.split(separator: " ").last ?? "") }
            guard line.hasPrefix("  Free blocks:") else { continue }
            for part in line.dropFirst("  Free blocks:".count).split(separator: ",") {
                let limits = part.split(separator: "-").compactMap {
                    UInt64($0.trimmingCharacters(in: .whitespaces))
                }
                guard let first = limits.first, let last = limits.last else { continue }
                // Of a run of clusters, the first block of the last cluster is printed.
                let end = min(blockCount, last + (clusterSize ?? blockSize) / blockSize)
                extents.append(Extent(from: ByteCount(first * blockSize), to: ByteCount(end * blockSize)))
            }
        }
        return joined(extents)
    }

    static func joined(_ extents: [Extent]) -> [Extent] {
        var result: [Extent] = []
        for extent in extents {
            if let last = result.last, last.end == extent.start {
                result[result.count - 1].length += extent.length
            } else {
                result.append(extent)
            }
        }
        return result
    }
}
