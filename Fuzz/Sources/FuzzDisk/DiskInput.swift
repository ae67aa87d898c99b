/// What a fuzzer's input stands for: a disk, and how it is looked at.
public struct DiskInput {
    /// The disk.
    public var disk: SparseDisk
    /// Whether its checksums are to be made right first: no fuzzer finds them.
    public let isSealed: Bool
    /// Whether its file system is looked at as one that is mounted and changes meanwhile.
    public let isLive: Bool

    private static let sealed: UInt8 = 1
    private static let live: UInt8 = 2
    private static let largeSectors: UInt8 = 4
    private static let headLength = 5

    /// Reads a byte of flags, the number of sectors in four bytes, and the sectors; nil if the input is too short.
    public init?(_ input: UnsafeRawBufferPointer) {
        guard input.count >= DiskInput.headLength else { return nil }
        let flags = input[0]
        let sectors = input.loadUnaligned(fromByteOffset: 1, as: UInt32.self).littleEndian % SparseDisk.mostSectors + 1
        isSealed = flags & DiskInput.sealed != 0
        isLive = flags & DiskInput.live != 0
        disk = SparseDisk(
            sectors: sectors,
            logicalBlockSize: flags & DiskInput.largeSectors != 0 ? 4096 : 512,
            records: UnsafeRawBufferPointer(rebasing: input[DiskInput.headLength...])
        )
    }

    /// The input that stands for a disk of the bytes `image`, of whole sectors.
    public static func seed(_ image: some RandomAccessCollection<UInt8>, isSealed: Bool = false) -> [UInt8] {
        let size = SparseDisk.sectorSize
        let sectors = image.count / size
        var input: [UInt8] = [isSealed ? sealed : 0]
        append(UInt32(sectors - 1), to: &input)
        for sector in 0..<sectors {
            let content = image.dropFirst(sector * size).prefix(size)
            guard content.contains(where: { $0 != 0 }) else { continue }
            append(UInt32(sector), to: &input)
            input += content
        }
        return input
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
