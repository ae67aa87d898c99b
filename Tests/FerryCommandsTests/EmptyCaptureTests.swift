import ArgumentParser
import Foundation
import Testing

@testable import FerryCommands

@Suite struct EmptyCaptureTests {
    @Test func plotOfACaptureWithoutFlowsSaysThatNothingIsDrawn() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (capture, picture) = (folder.path + "/empty.pcap", folder.path + "/flow.svg")
        // The header of a capture of Ethernet with microseconds, and no packet.
        let header: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, 1, 0, 0, 0]
        try Data(header).write(to: URL(fileURLWithPath: capture))
        let command = try CaptureCommand.parse([capture, "--plot", picture])
        let said = await #expect(throws: AnswerIsNo.self) { try await command.run() }
        #expect(said?.text.contains(capture) == true && said?.text.contains(picture) == true)
        #expect(!FileManager.default.fileExists(atPath: picture))
    }
}
