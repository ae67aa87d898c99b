import FerryCore
import Foundation
import Glibc
import Testing

@testable import FerryStaging

/// Devices here are symbolic links to loop devices: names that may lead elsewhere the next time.
@Suite("A volume on a device", .enabled(if: getuid() == 0, "a loop device needs root"), .serialized)
struct VolumeDeviceTests {
    private let folder: Folder
    private var link: String { "\(folder.path)/disk" }

    init() throws { folder = try Folder() }

    private func run(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let said = Pipe()
        process.standardOutput = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(words)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func withDevices(_ body: (_ first: String, _ second: String) throws -> Void) throws {
        var devices: [String] = []
        defer { for device in devices { _ = try? run(["losetup", "-d", device]) } }
        for name in ["first", "second"] {
            let file = "\(folder.path)/\(name)"
            _ = try run(["truncate", "-s", "8M", file])
            devices.append(try run(["losetup", "-f", "--show", file]))
        }
        try body(devices[0], devices[1])
    }

    private func point(to device: String) throws {
        unlink(link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: device)
    }

    @Test func isFoundOnlyOnTheDeviceThatItWasMadeOn() throws {
        try withDevices { first, second in
            try point(to: first)
            let fixture = try VolumeFixture(devices: ["web01/sda": link])
            try fixture.makeGeneration()
            #expect(fixture.volume.storage.isDevice)
            #expect(try fixture.catalog.volume("web01/sda").device == "file=\(folder.path)/first")

            // Another device got the name.
            try fixture.restart { try point(to: second) }
            for devices in [[:], ["web01/sda": link], ["web01/sda": second]] {
                try fixture.restart(devices: devices)
                #expect(failure { try fixture.open() }?.code == .volumeSwapped)
                #expect(failure { try fixture.catalog.verify("web01/sda") }?.code == .volumeSwapped)
            }
            // What is named now counts, and is remembered.
            try fixture.restart(devices: ["web01/sda": first])
            _ = try fixture.open()
            try fixture.restart()
            #expect(try fixture.open().storage.path == first)
            #expect(try fixture.catalog.verify("web01/sda").agreesWithGeneration)
            try fixture.restart()
        }
    }

    @Test func isRefusedWhileSomethingElseHasTheDevice() throws {
        try withDevices { first, _ in
            let holder = open(first, O_RDONLY | O_EXCL | O_CLOEXEC)
            #expect(holder >= 0)
            let error = failure { try VolumeFixture(devices: ["web01/sda": first]) }
            #expect(error?.code == .volumeFailed && error?.retry == .later && error?.cause.contains("mounted") == true)
            close(holder)
            let fixture = try VolumeFixture(devices: ["web01/sda": first])
            let second = open(first, O_RDONLY | O_EXCL | O_CLOEXEC)
            #expect(second < 0 && errno == EBUSY)
            try fixture.restart()
        }
    }

    @Test func mayGetAnotherSizeWhileItIsOpen() throws {
        try withDevices { first, _ in
            let fixture = try VolumeFixture(devices: ["web01/sda": first])
            #expect(try fixture.open(size: .mebibytes(8)).size == .mebibytes(8))
            #expect(failure { try fixture.open(size: .mebibytes(9)) }?.code == .volumeMismatch)
            #expect(try fixture.open(size: .mebibytes(2)).size == .mebibytes(2))
            try fixture.restart()
        }
    }
}
