import FerryCore
import FerryEvidence
import Foundation
import Glibc
import Testing

@testable import FerryCommands

@Suite struct StandingEvidenceTests {
    private static func evidence(recordsOf bytes: Int, _ text: String) throws -> (StandingEvidence, path: String) {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-records-\(UInt64.random(in: 0 ... .max))"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        if bytes > text.utf8.count { try file.truncate(atOffset: UInt64(bytes)) }
        try file.close()
        var site = Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))
        site.providerRecords = "file:\(path)"
        return (StandingEvidence(site: site, tier: 3, captures: []), path)
    }

    @Test func recordsOfAFileAreRead() throws {
        let (evidence, path) = try Self.evidence(recordsOf: 0, "{\"complete\":true}")
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try evidence.records { false } != nil)
    }

    @Test func fileOfRecordsMayBeNoLargerThanWhatACommandPrints() throws {
        let (evidence, path) = try Self.evidence(recordsOf: 17 << 20, "{}")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = try #require(throws: FerryError.self) { try evidence.records { false } }
        #expect(error.code.text == "diagnose.evidence" && error.cause == "it has more than 16 MiB")
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-fifo-\(UInt64.random(in: 0 ... .max))"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        for place in [path, FileManager.default.temporaryDirectory.path, "/dev/zero"] {
            var site = Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))
            (site.providerRecords, site.history) = ("file:\(place)", place)
            let evidence = StandingEvidence(site: site, tier: 3, captures: [])
            let records = #expect(throws: FerryError.self) { try evidence.records { false } }
            let history = #expect(throws: FerryError.self) { try evidence.history() }
            #expect(records?.cause == "it is no ordinary file" && history?.cause == "it is no ordinary file")
        }
    }
}
