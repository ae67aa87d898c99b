import Foundation
import Testing

/// A folder with identities, a staging server and disks, gone at the end of the test.
final class Site: Sendable {
    let folder: String
    private let ports = PortHolder()

    private init(folder: String) { self.folder = folder }

    /// Runs `body` with a site of its own.
    static func with(_ body: (Site) async throws -> Void) async throws {
        let base = FileManager.default.temporaryDirectory.path
        let folder = "\(base)/ferry-test-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let site = Site(folder: folder)
        try await site.ferry("pki", "init", "\(folder)/ca")
        try await site.ferry("pki", "issue", "\(folder)/ca", "--staging", "staging", "--out", "\(folder)/staging")
        try await site.ferry("pki", "issue", "\(folder)/ca", "--agent", "web01", "--out", "\(folder)/agent")
        try await body(site)
    }

    /// Runs `ferry` and expects it to succeed.
    @discardableResult
    func ferry(_ words: String...) async throws -> String {
        let (status, output) = try await RunningProgram.run([Programs.ferry] + words, in: folder)
        guard status == 0 else { throw TestFailure("ferry \(words) ended with \(status):\n\(output)") }
        return output
    }

    /// Starts a staging server and waits until it listens.
    func startStaging(data: String = "data", _ more: [String] = []) async throws -> Staging {
        let output = "\(folder)/staging-\(UInt64.random(in: 0 ... .max)).log"
        let program = try RunningProgram(
            [
                Programs.ferry, "staging", "serve", "--data", "\(folder)/\(data)", "--listen",
                "127.0.0.1:\(ports.port)", "--http", "", "--identity", "\(folder)/staging",
            ] + more,
            output: output
        )
        try await program.says("receiving on ")
        let line = program.output.split(separator: "\n").first { $0.contains("receiving on ") } ?? ""
        let address = line.split(separator: " ").map(String.init).first { $0.contains("127.0.0.1:") } ?? ""
        let port = Int(address.dropFirst("127.0.0.1:".count).prefix { $0.isNumber }) ?? 0
        ports.port = port
        return Staging(program: program, port: port)
    }

    /// The words of a `replicate` of `disk`.
    func replicate(
        _ disk: String,
        to port: Int,
        job: String = "web01",
        identity: String = "agent",
        _ more: [String] = []
    ) -> [String] {
        [
            Programs.agent, "replicate", "--disk", disk, "--to", "127.0.0.1:\(port)", "--job", job, "--identity",
            "\(folder)/\(identity)", "--state", "\(folder)/state", "--json",
        ] + more
    }

    /// Starts an agent.
    func start(_ words: [String]) throws -> RunningProgram {
        try RunningProgram(words, output: "\(folder)/agent-\(UInt64.random(in: 0 ... .max)).log")
    }

    /// Where the volume of `disk` lies.
    func volume(_ disk: String, job: String = "web01", data: String = "data") -> String {
        "\(folder)/\(data)/volumes/\(job)/\(URL(fileURLWithPath: disk).lastPathComponent).raw"
    }

    /// Compares a volume with its disk: used blocks byte for byte, every other for zeros.
    func expectEqual(_ disk: String, job: String = "web01", _ comment: Comment? = nil) throws {
        let difference = try VolumeComparison.difference(of: disk, volume(disk, job: job))
        #expect(difference == nil, comment)
    }
}

/// A running staging server.
struct Staging {
    let program: RunningProgram
    let port: Int
}

/// The port that the site's staging server got, so that it gets the same again.
final class PortHolder: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    var port: Int {
        get { lock.withLock { value } }
        set { lock.withLock { value = newValue } }
    }
}
