import Foundation

/// What of an image the file systems on it use, as the tools of those file systems tell it, not Ferry.
struct DiskLayout {
    struct Partition {
        var range: Range<Int>
        /// Runs of free blocks if it holds an ext file system, else nil.
        var free: [Range<Int>]?
    }

    var size: Int
    var partitions: [Partition]

    /// Every run of free blocks, in order.
    var free: [Range<Int>] { partitions.flatMap { $0.free ?? [] }.sorted { $0.lowerBound < $1.lowerBound } }
    var freeBytes: Int { free.reduce(0) { $0 + $1.count } }

    /// The partition with the largest ext file system.
    var root: Partition? {
        partitions.filter { $0.free != nil }.max { $0.range.count < $1.range.count }
    }

}

extension DiskLayout {
    /// Asks sfdisk and dumpe2fs.
    init(image path: String, size: Int) throws(BenchmarkError) {
        let text = try Tool.run(["sfdisk", "--json", path])
        let table: Table
        do {
            table = try JSONDecoder().decode(Document.self, from: Data(text.utf8)).partitiontable
        } catch {
            throw BenchmarkError(.failure, "could not understand the partition table of \(path): \(error)")
        }
        var partitions: [Partition] = []
        for entry in table.partitions {
            let begin = entry.start * (table.sectorsize ?? 512)
            let range = begin..<(begin + entry.size * (table.sectorsize ?? 512))
            let dump = try Tool.attempt(["dumpe2fs", "\(path)?offset=\(begin)"])
            let free = dump.ending == .exited(0) ? DiskLayout.freeRuns(dump.output, from: begin) : nil
            partitions.append(Partition(range: range, free: free))
        }
        self.init(size: size, partitions: partitions)
    }

    /// The free blocks in what dumpe2fs says of a file system that begins at byte `offset`.
    static func freeRuns(_ dump: String, from offset: Int) -> [Range<Int>] {
        var blockSize = 0
        var runs: [Range<Int>] = []
        for line in dump.split(separator: "\n") {
            if line.hasPrefix("Block size:") {
                blockSize = line.split(separator: " ").last.flatMap { Int($0) } ?? 0
            }
            // With two spaces it is a group's list, without them the number of all.
            guard line.hasPrefix("  Free blocks:") else { continue }
            for word in line.dropFirst("  Free blocks:".count).split(whereSeparator: { $0 == "," || $0 == " " }) {
                let ends = word.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last else { continue }
                let run = (offset + first * blockSize)..<(offset + (last + 1) * blockSize)
                if let before = runs.last, before.upperBound == run.lowerBound {
                    runs[runs.count - 1] = before.lowerBound..<run.upperBound
                } else {
                    runs.append(run)
                }
            }
        }
        return runs
    }

    private struct Document: Decodable { var partitiontable: Table }
    private struct Table: Decodable {
        var sectorsize: Int?
        var partitions: [Entry]
    }
    private struct Entry: Decodable {
        var start: Int
        var size: Int
    }
}
