public import FerryCore
internal import Foundation

/// A small disk of a source server, told by two seeds: servers of one template have the half of it in common.
///
/// Of every 2 MiB, a quarter is zeros, a half is the template's and a quarter the server's own. Of what is not zeros, every
/// second block of 4 KiB can be packed to about the half, and the others not at all.
public struct SourceDisk: Sendable, Equatable {
    /// Its size.
    public var size: ByteCount
    /// What its own content begins with: another for each server.
    public var seed: UInt64
    /// What the content that it has from its template begins with.
    public var template: UInt64

    /// A disk of `size`.
    public init(size: ByteCount, seed: UInt64, template: UInt64 = 1) {
        self.size = size
        self.seed = seed
        self.template = template
    }

    /// What a piece holds.
    enum Piece: Sendable, Equatable {
        case zeros
        case template
        case own
    }

    static let pieceSize = 256 << 10
    private static let order: [Piece] = [.template, .own, .template, .zeros, .template, .own, .template, .zeros]
    private static let blockWords = 4096 / 8

    /// What the piece `index` holds.
    static func piece(_ index: Int) -> Piece { order[index % order.count] }

    /// The content of the piece `index`.
    func content(_ index: Int) -> [UInt64] {
        let count = SourceDisk.pieceSize / 8
        let seed: UInt64
        switch SourceDisk.piece(index) {
        case .zeros: return [UInt64](repeating: 0, count: count)
        case .template: seed = template
        case .own: seed = ~self.seed
        }
        var numbers = SplitMix64(seed: seed &* 0xD1B5_4A32_D192_ED03 &+ UInt64(index))
        return [UInt64](unsafeUninitializedCapacity: count) { words, filled in
            for word in 0..<count {
                let isPackable = word / SourceDisk.blockWords % 2 == 1
                let drawn = numbers.next()
                // Sixteen of 256 values of a byte, the small letters among them.
                words[word] = isPackable ? drawn & 0x0F0F_0F0F_0F0F_0F0F | 0x6060_6060_6060_6060 : drawn
            }
            filled = count
        }
    }

    /// Writes it to the file `path`; zeros are holes.
    /// - Throws: `FerryError` with `ErrorCode.labTool`.
    public func write(to path: String) throws(FerryError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, ftruncate(file, off_t(size.int)) == 0 else { throw failed(path) }
        for index in 0..<(size.int + SourceDisk.pieceSize - 1) / SourceDisk.pieceSize
        where SourceDisk.piece(index) != .zeros {
            let offset = index * SourceDisk.pieceSize
            let count = min(SourceDisk.pieceSize, size.int - offset)
            let written = content(index).withUnsafeBytes { pwrite(file, $0.baseAddress, count, off_t(offset)) }
            guard written == count else { throw failed(path) }
        }
    }

    private func failed(_ path: String) -> FerryError {
        FerryError(
            .labTool,
            operation: "write",
            subject: "the disk \(path)",
            cause: String(cString: strerror(errno)),
            advice: "Make room for \(size), or set TMPDIR to a folder that has it."
        )
    }
}
