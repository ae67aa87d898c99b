import Foundation

/// Small disks made by the machine's own tools.
enum TestDisk {
    /// A GPT disk of `mebibytes` with an ext4 root holding files from a seed, deleted files, and swap.
    static func make(at path: String, mebibytes: Int = 192, seed: UInt64) async throws {
        let folder = "\(path).files"
        try FileManager.default.createDirectory(atPath: "\(folder)/keep/deep", withIntermediateDirectories: true)
        var generator = SeededGenerator(seed: seed)
        for index in 0..<(mebibytes >= 96 ? 40 : 10) {
            let length = Int.random(in: 1...900_000, using: &generator)
            var bytes = generator.bytes(length)
            if index % 2 == 0 {
                // Text-like, so that it can be packed.
                bytes = bytes.map { 0x61 + $0 % 7 }
            }
            let name = index % 5 == 0 ? "drop\(index)" : "keep/deep/file\(index)"
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        // A database, of which pages change later.
        try Data(generator.bytes(8 << 20)).write(to: URL(fileURLWithPath: "\(folder)/keep/pages"))
        let rootMiB = mebibytes - 18
        let commands = """
            set -eu
            truncate -s \(mebibytes)M '\(path)'
            printf 'label: gpt\\nstart=2048, size=\(rootMiB)MiB, name=root\\nsize=16MiB, type=swap\\n' \
            | sfdisk -q '\(path)'
            mke2fs -q -t ext4 -b 4096 -d '\(folder)' -E offset=1048576 '\(path)' \(rootMiB)M
            for f in 0 5 10 15 20 25 30 35; do
                debugfs -w -R "rm /drop$f" '\(path)?offset=1048576' 2>/dev/null
            done
            rm -r '\(folder)'
            """
        let (status, output) = try await RunningProgram.run(["bash", "-c", commands], in: "\(path).files")
        guard status == 0 else { throw TestFailure("could not make a disk: \(output)") }
    }

    /// Rewrites `count` blocks in the middle of the file system's files, in place.
    static func change(_ path: String, blocks count: Int, seed: UInt64) async throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let (_, output) = try await RunningProgram.run(
            ["debugfs", "-R", "blocks /keep/pages", "\(path)?offset=1048576"],
            in: folder
        )
        let blocks = output.split(whereSeparator: { !$0.isNumber }).compactMap { UInt64($0) }.filter { $0 > 200 }
        guard blocks.count > 100 else { throw TestFailure("the file has no blocks: \(output)") }
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw TestFailure("cannot open \(path)") }
        defer { try? file.close() }
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<count {
            let block = blocks[Int.random(in: 0..<blocks.count, using: &generator)]
            try file.seek(toOffset: 1_048_576 + block * 4096)
            try file.write(contentsOf: Data(generator.bytes(4096)))
        }
    }
}

/// SplitMix64 (Vigna), so that a failing seed can be tried again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }
}
