internal import FerryCore
internal import FerryImage

/// Reads the manifest of a proof from its beginning, region by region, through a buffer of fixed size, and adds it up.
struct ManifestReader {
    /// What was read so far amounts to.
    private(set) var sum: ManifestSum

    private let file: ProofFile
    private var buffer: [UInt8] = []
    private var used = 0
    private var fetched: UInt64 = 0

    private static let bufferSize: UInt64 = 1 << 18

    init(_ file: ProofFile) {
        self.file = file
        sum = ManifestSum(diskSize: file.statement.diskSize)
    }

    /// The record of the next region; nil after the last.
    mutating func next() throws(FerryError) -> RegionRecord? {
        guard !sum.isComplete else { return nil }
        try fill()
        let blocks = ImageLayout.blockCount(ofRegion: sum.regions, disk: sum.diskSize)
        let length = try recordLength(blocks: blocks)
        let encoded = Array(buffer[used..<(used + length)])
        used += length
        do {
            return try encoded.withUnsafeBytes { try sum.append($0) }
        } catch {
            throw malformed((error as? FerryError)?.cause ?? "\(error)")
        }
    }

    /// Checks, after the last region, that the manifest is the one of the statement.
    /// - Throws: `ProofRefused`.
    func confirm() throws {
        guard fetched == file.statement.manifest.length, used == buffer.count else {
            throw malformed("there is something behind the last region")
        }
        let summary = sum.summary
        guard summary.root == file.statement.manifest.root else {
            throw ProofRefused(
                "the manifest of \(file.path)",
                "its root is \(summary.root), and the signed one is \(file.statement.manifest.root)"
            )
        }
        guard summary == file.statement.manifest else {
            throw ProofRefused("the manifest of \(file.path)", "it does not add up to what the statement says")
        }
    }

    /// Sees to it that the buffer holds the longest record, or all that is left.
    private mutating func fill() throws(FerryError) {
        let total = file.statement.manifest.length
        guard buffer.count - used < RegionRecord.longestEncoding, fetched < total else { return }
        buffer.removeFirst(used)
        used = 0
        let end = min(total, fetched + ManifestReader.bufferSize)
        buffer += try file.readManifest(fetched..<end)
        fetched = end
    }

    /// Bytes of the record at the front: runs until the region's blocks are covered.
    private func recordLength(blocks: Int) throws(FerryError) -> Int {
        var covered = 0
        var place = used
        while covered < blocks {
            guard place + 2 <= buffer.count else { throw malformed("the manifest ends within a region") }
            covered += Int(buffer[place + 1]) + 1
            place += 2 + (buffer[place] == RunKind.chunk.rawValue ? Digest.byteCount : 0)
        }
        guard place <= buffer.count else { throw malformed("the manifest ends within a region") }
        return place - used
    }

    private func malformed(_ cause: String) -> FerryError {
        ProofError.malformed(file.path, "region \(sum.regions) of its manifest: \(cause)")
    }
}
