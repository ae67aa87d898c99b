import FerryEvidence
import Foundation
import Testing

@testable import FerryCommands

@Suite struct CapturedEvidenceTests {
    @Test func captureThatIsCutOffIsToldWithItsNameAndWhere() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.path + "/cut.pcap"
        // The header of a capture of Ethernet with microseconds, and half of that of a packet.
        let header: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, 1, 0, 0, 0]
        try Data(header + [UInt8](repeating: 0, count: 8)).write(to: URL(fileURLWithPath: file))
        let site = Site(suspect: Site.Endpoint(host: "203.0.113.11", port: 8703))
        let read = try NaturalFailures.read([file], of: site)
        #expect(read.connections.isEmpty)
        #expect(read.cut == ["cut.pcap: it ends inside a packet, at byte 24"])
    }
}
