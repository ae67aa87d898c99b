import Foundation

/// A small disk for moves that are to be spoiled: an ext4 over stale bytes, with content that packs, that does not,
/// that is there twice and that is zero, and beside it a partition that no file system explains.
struct FaultDisk {
    let path: String
    /// The 4 KiB blocks of a file, by their place on the disk.
    private let blocks: [UInt64]
    private let unexplained: Range<UInt64>

    /// Makes one of `mebibytes`, at least 24.
    init(at path: String, mebibytes: Int, using generator: inout SeededGenerator) async throws {
        self.path = path
        let key = (0..<2).map { _ in String(format: "%016llx", generator.next()) }.joined()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let script = """
            set -eu
            stream() { openssl enc -aes-128-ctr -nosalt -K \(key) -iv "$1" -in /dev/zero 2>/dev/null | head -c "$2"; }
            stream 00000000000000000000000000000000 $((\(mebibytes) << 20)) > '\(path)'
            mkdir '\(path).files'; cd '\(path).files'
            stream 10000000000000000000000000000000 $((\(mebibytes) << 18)) > pages
            stream 20000000000000000000000000000000 700001 | base64 > text
            head -c 1M pages > twin; head -c 1M /dev/zero > zeros; head -c 1M text > deleted; head -c 600K twin > deleted2
            printf 'label: gpt\\nstart=2048, size=\(mebibytes - 6)MiB\\nsize=4MiB\\n' | sfdisk -q '\(path)'
            mke2fs -q -F -t ext4 -b 4096 -E nodiscard,offset=1048576 -d . '\(path)' \(mebibytes - 6)M
            printf 'rm /deleted\\nrm /deleted2\\n' | debugfs -w -f - '\(path)?offset=1048576' >/dev/null 2>&1
            rm -r '\(path).files'
            debugfs -R 'blocks /pages' '\(path)?offset=1048576' 2>/dev/null
            """
        let (status, output) = try await RunningProgram.run(["bash", "-c", script], in: folder)
        guard status == 0 else { throw TestFailure("could not make a disk: \(output)") }
        blocks = output.split(whereSeparator: { !$0.isNumber }).compactMap { UInt64($0) }.map { $0 + 256 }
        guard blocks.count >= mebibytes * 64 else { throw TestFailure("the file has no blocks: \(output)") }
        unexplained = UInt64(mebibytes - 5) << 8..<UInt64(mebibytes - 1) << 8
    }

    /// Changes what is on the disk, as programs on a live server would between two passes.
    func change(using generator: inout SeededGenerator) async throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw TestFailure("cannot open \(path)") }
        defer { try? file.close() }
        let count = [1, 10, 100, blocks.count / 2].randomElement(using: &generator) ?? 1
        for _ in 0..<count {
            let place = blocks.randomElement(using: &generator) ?? 0
            try write(content(file, using: &generator), at: place, of: file)
        }
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            try write(content(file, using: &generator), at: UInt64.random(in: unexplained, using: &generator), of: file)
        }
        if Int.random(in: 0..<3, using: &generator) == 0 { try await moveAFile(using: &generator) }
    }

    /// A new block: random, zero, of one letter, or one that another place has too.
    private func content(_ file: FileHandle, using generator: inout SeededGenerator) throws -> Data {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return Data(count: 4096)
        case 1: return Data(repeating: UInt8.random(in: 1...255, using: &generator), count: 4096)
        case 2:
            try file.seek(toOffset: (blocks.randomElement(using: &generator) ?? 0) << 12)
            return try file.read(upToCount: 4096) ?? Data(count: 4096)
        default: return Data(generator.bytes(4096))
        }
    }

    private func write(_ content: Data, at block: UInt64, of file: FileHandle) throws {
        try file.seek(toOffset: block << 12)
        try file.write(contentsOf: content)
    }

    /// Deletes a file, so that its blocks are unused and full, and writes another into what was unused.
    private func moveAFile(using generator: inout SeededGenerator) async throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let content = "\(path).new"
        let length = Int.random(in: 1...300_000, using: &generator)
        try Data(generator.bytes(length)).write(to: URL(fileURLWithPath: content))
        let name = ["text", "twin", "zeros", "new"].randomElement(using: &generator) ?? "new"
        let (status, output) = try await RunningProgram.run(
            [
                "bash", "-c",
                "printf 'rm /\(name)\\nwrite \(content) \(name)\\n' | debugfs -w -f - '\(path)?offset=1048576'",
            ],
            in: folder
        )
        guard status == 0 else { throw TestFailure("could not change a disk: \(output)") }
    }
}
