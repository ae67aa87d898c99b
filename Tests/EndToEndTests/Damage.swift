import Foundation

/// What a bad disk, a bad cable or a careless hand does to a file.
enum Damage {
    /// Flips one bit in each of `count` random bytes of a file, in holes too.
    static func flipBits(_ count: Int, in path: String, using generator: inout SeededGenerator) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw TestFailure("cannot open \(path)") }
        defer { try? file.close() }
        let length = try file.seekToEnd()
        guard length > 0 else { return }
        for _ in 0..<count {
            let place = UInt64.random(in: 0..<length, using: &generator)
            try file.seek(toOffset: place)
            let byte = try file.read(upToCount: 1)?.first ?? 0
            try file.seek(toOffset: place)
            try file.write(contentsOf: Data([byte ^ 1 << UInt8.random(in: 0..<8, using: &generator)]))
        }
    }

    /// Cuts a file off at a random byte.
    static func cutShort(_ path: String, using generator: inout SeededGenerator) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw TestFailure("cannot open \(path)") }
        defer { try? file.close() }
        try file.truncate(atOffset: UInt64.random(in: 0...file.seekToEnd(), using: &generator))
    }
}
