import FerryCore
import Glibc
import Testing

@testable import FerryIdentity

/// A directory of its own for one test, removed at the end.
final class Fixture: Sendable {
    let root: String

    init() {
        var template = Array("/tmp/ferry-identity-XXXXXX".utf8CString)
        mkdtemp(&template)
        root = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    }

    deinit { Fixture.remove(root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func authority(_ name: String = "ca", now: UTCTime = .now()) throws -> CertificateAuthority {
        try CertificateAuthority.create(in: path(name), name: "Test authority", now: now)
    }

    func agent(
        _ authority: CertificateAuthority,
        name: String = "web-01",
        days: Int = 30,
        now: UTCTime = .now()
    ) throws -> String {
        let directory = path("agent-\(name)")
        _ = try authority.issue(
            agent: AgentName(name),
            to: directory,
            lifetime: Lifetime(days: days),
            now: now
        )
        return directory
    }

    func staging(
        _ authority: CertificateAuthority,
        name: String = "st-1",
        hosts: [String] = [],
        now: UTCTime = .now()
    ) throws -> String {
        let directory = path("staging-\(name)")
        let hosts = try hosts.map { try CertificateHost(parsing: $0) }
        _ = try authority.issue(staging: StagingName(name), hosts: hosts, to: directory, lifetime: .usual, now: now)
        return directory
    }

    static func names(in directory: String) -> [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode & 0o7777) : 0
    }

    static func text(_ path: String) throws -> String { try IdentityFile.read(path, orElse: "") }

    static func write(_ text: String, to path: String) { write(bytes: Array(text.utf8), to: path) }

    static func write(bytes: [UInt8], to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(file >= 0 && IdentityFile.writeAll(bytes, to: file) == nil)
        close(file)
    }

    static func copy(_ from: String, to path: String) throws { write(try text(from), to: path) }

    static func remove(_ path: String) {
        for name in names(in: path) { remove("\(path)/\(name)") }
        if unlink(path) != 0 { rmdir(path) }
    }
}

extension UTCTime {
    /// `days` days later, or earlier.
    func plus(days: Int64) -> UTCTime { UTCTime(microseconds: microseconds + days * 86400 * 1_000_000) }

    func plus(seconds: Int64) -> UTCTime { UTCTime(microseconds: microseconds + seconds * 1_000_000) }

    var wholeSecond: UTCTime { UTCTime(microseconds: microseconds / 1_000_000 * 1_000_000) }
}

/// The code of the `FerryError` that `body` throws.
func code(_ body: () throws -> some Any) -> ErrorCode? { failure(body)?.code }

/// The `FerryError` that `body` throws.
func failure(_ body: () throws -> some Any) -> FerryError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? FerryError
    }
}
