import Foundation
import Testing

/// Programs of the system that make and describe disks, so that what Ferry reads is what others wrote.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func path(_ name: String) -> String? {
        ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"].map { $0 + name }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// The names that are not installed, as a sentence for a skipped test; nil if all are there.
    static func missing(_ names: String...) -> Comment? {
        let missing = names.filter { path($0) == nil }
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: ", "))"
    }

    static func has(_ names: String...) -> Bool { names.allSatisfy { path($0) != nil } }

    /// Runs a program and returns what it printed.
    @discardableResult
    static func run(_ name: String, _ arguments: String..., input: String? = nil) throws -> String {
        try run(name, arguments, input: input)
    }

    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: String? = nil) throws -> String {
        guard let path = path(name) else { throw Failure(description: "\(name) is not installed") }
        // Files, not pipes: a program that prints much would wait for somebody to read.
        let folder = try Scratch()
        let output = folder.path("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = "C"
        process.environment = environment
        let handle = FileHandle(forWritingAtPath: output)
        process.standardOutput = handle
        process.standardError = handle
        if let input {
            try input.write(toFile: folder.path("input"), atomically: false, encoding: .utf8)
            process.standardInput = FileHandle(forReadingAtPath: folder.path("input"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(name) \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }
}

/// A folder that is gone when the test is over.
final class Scratch {
    let folder: String

    init() throws {
        folder =
            URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("ferry-disk-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// An empty file of `mebibytes`.
    func image(_ name: String = "image", mebibytes: Int) throws -> String {
        let path = path(name)
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard truncate(path, mebibytes << 20) == 0 else { throw Tool.Failure(description: "truncate \(path)") }
        return path
    }
}
