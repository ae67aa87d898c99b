public import FerryCore
internal import FerryImage

/// What comparing an image with a proof's manifest showed.
public struct ImageComparison: Sendable {
    /// The image's size.
    public var imageSize: ByteCount
    /// Whether the image is a block device, which may be larger than the disk.
    public var isDevice: Bool
    /// The disk's size.
    public var diskSize: ByteCount
    /// Where the image is not what the manifest says; what it is too short for is included.
    public var differing = ExtentList()
    /// How many regions of 1 MiB differ.
    public var differingRegions = 0
    /// When the comparison began, by this machine's clock.
    public var startedAt: UTCTime
    /// When it ended.
    public var endedAt: UTCTime

    /// Whether the image's size is right: the disk's, or on a device at least that.
    public var hasRightSize: Bool { imageSize == diskSize || (isDevice && imageSize > diskSize) }
    /// Whether the image is the one that the proof is about.
    public var isEqual: Bool { hasRightSize && differing.isEmpty }

    /// Compares `image` with the manifest of `proof`, reading it once, by `tasks` tasks at a time.
    ///
    /// The manifest is added up again while it is used: it is the same file, but it may have been exchanged meanwhile.
    /// - Throws: `FerryError` with a `proof.*` code, or `ProofRefused`.
    public static func compare(_ image: ImageFile, with proof: ProofFile, tasks: Int) async throws -> ImageComparison {
        var manifest = ManifestReader(proof)
        let diskSize = proof.statement.diskSize
        let now = UTCTime.now()
        var result = ImageComparison(
            imageSize: image.size,
            isDevice: image.isDevice,
            diskSize: diskSize,
            startedAt: now,
            endedAt: now
        )
        try await withThrowingTaskGroup(of: ImageStretch.Finding.self) { group in
            var underWay = 0
            while let stretch = try ImageStretch(from: &manifest, diskSize: diskSize) {
                if underWay >= max(1, tasks), let finding = try await group.next() {
                    result.add(finding)
                    underWay -= 1
                }
                group.addTask { try stretch.compare(image) }
                underWay += 1
            }
            while let finding = try await group.next() { result.add(finding) }
        }
        try manifest.confirm()
        try image.checkUnchanged()
        result.endedAt = .now()
        return result
    }

    private mutating func add(_ finding: ImageStretch.Finding) {
        differing.add(finding.differing)
        differingRegions += finding.regions
    }
}

/// The regions that one task compares: 32 MiB, so that crossing between tasks costs nothing beside the hashing.
struct ImageStretch: Sendable {
    /// What differs in a stretch.
    struct Finding: Sendable {
        var differing = ExtentList()
        var regions = 0
    }

    private static let mostRegions = 32

    private let diskSize: ByteCount
    private let first: Int
    private var records: [RegionRecord] = []

    /// The next stretch of `manifest`; nil after the last.
    init?(from manifest: inout ManifestReader, diskSize: ByteCount) throws(FerryError) {
        self.diskSize = diskSize
        first = manifest.sum.regions
        while records.count < ImageStretch.mostRegions, let record = try manifest.next() { records.append(record) }
        if records.isEmpty { return nil }
    }

    func compare(_ image: ImageFile) throws(FerryError) -> Finding {
        var finding = Finding()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: ImageLayout.regionSize, alignment: 4096)
        defer { memory.deallocate() }
        var nextData: UInt64 = 0
        for (index, record) in records.enumerated() {
            let extent = ImageLayout.extent(ofRegion: first + index, disk: diskSize)
            if nextData <= extent.start.bytes { nextData = image.nextData(from: extent.start.bytes) }
            let isHole = nextData >= extent.end.bytes && image.size >= extent.end
            // Holes need not be read to be known to be zero, and a mostly empty disk is mostly holes.
            if isHole, record.isWithoutContent { continue }
            let available = image.size > extent.start ? min(extent.end, image.size) - extent.start : .zero
            let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<available.int])
            try image.read(into: bytes, at: extent.start.bytes)
            let differing = record.differences(from: UnsafeRawBufferPointer(bytes), length: extent.length.int)
            for range in differing {
                finding.differing.add(
                    Extent(start: extent.start + ByteCount(range.lowerBound), length: ByteCount(range.count))
                )
            }
            if !differing.isEmpty { finding.regions += 1 }
        }
        return finding
    }
}
