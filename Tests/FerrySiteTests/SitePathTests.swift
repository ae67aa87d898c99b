import FerryCore
import FerryEvidence
import FerrySite
import Foundation
import Testing

/// A site file on a disk: what it names by a relative path lies beside it.
@Suite struct SitePathTests {
    private func inFolder(_ text: [UInt8], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/ferry-site-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(text).write(to: URL(fileURLWithPath: "\(folder)/site.yaml"))
        try body(folder)
    }

    private func text(_ monitor: String, _ records: String, _ history: String, _ reach: String) -> [UInt8] {
        Array(
            """
            suspect: a.example:8703
            vantages: [{ name: s, position: source-host, reach: "\(reach)" }]
            uplink: { monitor: "\(monitor)" }
            providerRecords: "\(records)"
            history: \(history)
            """.utf8
        )
    }

    @Test func relativePathsBeginAtTheFile() throws {
        try inFolder(text("file:egress.csv", "file:blocks/now.json", "logs/events.jsonl", "unix:source.sock")) {
            folder in
            let site = try Site(reading: "\(folder)/site.yaml")
            #expect(site.folder == folder && site.history == "\(folder)/logs/events.jsonl")
            #expect(site.uplink?.monitor == "file:\(folder)/egress.csv")
            #expect(site.providerRecords == "file:\(folder)/blocks/now.json")
            #expect(site.vantages[0].reach == "unix:\(folder)/source.sock")
        }
    }

    @Test func everythingElseStaysAsItIs() throws {
        try inFolder(text("file:/var/egress.csv", "exec:./records.sh --all", "/e.jsonl", "tls://a.example:1")) {
            folder in
            let site = try Site(reading: "\(folder)/site.yaml")
            #expect(site.folder == folder && site.history == "/e.jsonl")
            #expect(site.uplink?.monitor == "file:/var/egress.csv")
            #expect(site.providerRecords == "exec:./records.sh --all" && site.vantages[0].reach == "tls://a.example:1")
        }
    }

    @Test func problemsNameThePath() throws {
        try inFolder(Array("suspect: a:0\n".utf8)) { folder in
            #expect { try Site(reading: "\(folder)/site.yaml") } throws: {
                ($0 as? FerryError)?.cause.hasPrefix("\(folder)/site.yaml:1: ") ?? false
            }
        }
    }

    @Test func whatCannotBeReadIsToldInWords() throws {
        #expect { try Site(reading: "/nowhere/site.yaml") } throws: { error in
            let error = error as? FerryError
            return error?.code == .site && error?.cause == "No such file or directory"
        }
        try inFolder(Array("a: b\nc: ".utf8) + [0xFF, 0xFE]) { folder in
            #expect { try Site(reading: "\(folder)/site.yaml") } throws: {
                ($0 as? FerryError)?.cause == "\(folder)/site.yaml:2: this is no UTF-8"
            }
            #expect { try Site(reading: folder) } throws: { ($0 as? FerryError)?.cause == "Is a directory" }
        }
    }
}
