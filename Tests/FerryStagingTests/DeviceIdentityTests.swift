import FerryCore
import Foundation
import Testing

@testable import FerryStaging

@Suite("A device's identity")
struct DeviceIdentityTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A folder as a device has it in /sys.
    private func device(_ name: String, _ files: [String: String]) throws -> String {
        let path = "\(folder.path)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (file, text) in files {
            let url = URL(fileURLWithPath: "\(path)/\(file)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        return path
    }

    @Test func isTheSurestThatTheKernelKnows() throws {
        #expect(DeviceIdentity.read(try device("a", ["wwid": "eui.0025\n", "serial": "S1\n"])) == "wwid=eui.0025")
        #expect(DeviceIdentity.read(try device("b", ["wwid": "\n", "device/serial": "  S 1 \n"])) == "serial=S 1")
        #expect(DeviceIdentity.read(try device("c", ["dm/uuid": "LVM-abc\n"])) == "dm=LVM-abc")
        #expect(DeviceIdentity.read(try device("d", ["size": "9\n", "serial": ""])) == nil)
        #expect(DeviceIdentity.read("\(folder.path)/none") == nil)
    }

    @Test func ofAPartitionIsItsDisksWithItsNumber() throws {
        _ = try device("sda", ["device/wwid": "naa.5\n"])
        #expect(DeviceIdentity.read(try device("sda/sda2", ["partition": "2\n"])) == "wwid=naa.5 partition=2")
    }

    @Test func ofALoopDeviceIsItsFileAndPlace() throws {
        let whole = try device("loop0", ["loop/backing_file": "/srv/a\n", "loop/offset": "0\n"])
        let part = try device("loop1", ["loop/backing_file": "/srv/a\n", "loop/offset": "512\n"])
        #expect(DeviceIdentity.read(whole) == "file=/srv/a")
        #expect(DeviceIdentity.read(part) == "file=/srv/a offset=512")
    }
}
