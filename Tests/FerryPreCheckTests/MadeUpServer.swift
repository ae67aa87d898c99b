import FerryCore
import Foundation
import Testing

@testable import FerryPreCheck

/// A source server that exists as a few files in a temporary directory, and as a kernel that says what it is told.
final class MadeUpServer {
    let root: String
    var request = PreCheckRequest()
    var kernel = KernelAnswers(
        space: { _ in
            .init(size: .gibibytes(40), free: .gibibytes(30), available: .gibibytes(28), inodes: 1000, freeInodes: 900)
        },
        isClockSynchronized: { true },
        machine: { "x86_64" },
        pause: { _ in }
    )
    var decompressor = Decompressor.none

    init() throws {
        root = NSTemporaryDirectory() + "/ferry-precheck-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var files: SourceServerFiles { SourceServerFiles(root: root) }

    func file(_ path: String, _ text: String = "") throws { try file(path, Array(text.utf8)) }

    func file(_ path: String, _ bytes: [UInt8]) throws {
        try directory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Data(bytes).write(to: URL(fileURLWithPath: root + path))
    }

    func directory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }

    func link(_ path: String, to target: String) throws {
        try directory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try FileManager.default.createSymbolicLink(atPath: root + path, withDestinationPath: target)
    }

    /// What all checks find.
    var findings: [PreCheckFinding] {
        PreCheck.run(files, request, kernel: kernel, decompressor: decompressor)
    }

    /// What one check finds.
    func findings(_ check: PreCheckID) -> [PreCheckFinding] { findings.filter { $0.check == check } }

    /// What a check finds that is to find one thing.
    func finding(_ check: PreCheckID) throws -> PreCheckFinding {
        let found = findings(check)
        try #require(found.count == 1, "\(found)")
        return found[0]
    }
}

/// Writes initramfs images.
enum MadeUpImage {
    /// A cpio archive with these files, each with so many bytes of content.
    static func archive(_ names: [String], contentLength: Int = 5) -> [UInt8] {
        (names + ["TRAILER!!!"]).flatMap { name in
            entry(name, Array(repeating: 0x37, count: name == "TRAILER!!!" ? 0 : contentLength))
        }
    }

    static func entry(_ name: String, _ content: [UInt8], nameLength: Int? = nil) -> [UInt8] {
        var bytes = Array("070701".utf8)
        func number(_ number: Int) -> [UInt8] {
            let digits = String(number, radix: 16, uppercase: true)
            return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
        }
        let numbers = [1, 0o100644, 0, 0, 1, 0, content.count, 0, 0, 0, 0, nameLength ?? name.utf8.count + 1, 0]
        bytes += numbers.flatMap { number($0) } + Array(name.utf8) + [0]
        bytes += Array(repeating: 0, count: (4 - bytes.count % 4) % 4) + content
        return bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    static func modules(_ names: [String], release: String = "5.10.0-28-amd64") -> [String] {
        names.map { "usr/lib/modules/\(release)/kernel/drivers/\($0).ko.xz" }
    }

    /// Marked as zstd, and not compressed at all: `decompressor` takes it apart again, in small pieces.
    static func marked(_ bytes: [UInt8]) -> [UInt8] { [0x28, 0xB5, 0x2F, 0xFD] + bytes }

    static let decompressor = Decompressor(formats: [.zstd]) { _, source, sink throws(FerryError) in
        var isFirst = true
        while true {
            var piece = try source()
            guard !piece.isEmpty else { return }
            if isFirst { piece = piece.dropFirst(4) }
            isFirst = false
            while !piece.isEmpty {
                guard try sink(piece.prefix(7)) else { return }
                piece = piece.dropFirst(7)
            }
        }
    }
}
