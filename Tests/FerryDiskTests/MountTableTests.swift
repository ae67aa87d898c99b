import FerryCore
import Testing

@testable import FerryDisk

@Suite struct MountTableTests {
    @Test func mountsOnBlockDevicesAreRead() {
        let table = MountTable(
            parsing: """
                22 27 0:21 / /proc rw,relatime - proc proc rw
                27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
                40 27 8:17 /sub /srv/with\\040space\\134x ro,nosuid - xfs /dev/sdb1 rw,attr2
                41 27 0:50 / /net rw - nfs4 server:/export rw
                broken line
                42 27 8:18 / /short
                """
        )
        #expect(table.mounts.map(\.device) == [DeviceNumber(major: 254, minor: 0), DeviceNumber(major: 8, minor: 17)])
        #expect(table.mounts.map(\.type) == ["ext4", "xfs"])
        #expect(table.mounts.map(\.mountPoint) == ["/", "/srv/with space\\x"])
        #expect(table.mounts.map(\.isReadOnly) == [false, true])
    }

    @Test func imageFileHasNoMounts() throws {
        let scratch = try Scratch()
        let disk = try Disk(path: try scratch.image(mebibytes: 1))
        #expect(disk.device == nil)
        #expect(MountTable.current().fileSystems(on: disk) == [])
    }

    @Test func deviceNumberIsReadStrictly() {
        #expect(DeviceNumber(parsing: "8:1") == DeviceNumber(major: 8, minor: 1))
        for text in ["", "8", "8:", ":1", "8:1:2", "a:1", "8:-1"] { #expect(DeviceNumber(parsing: text) == nil) }
    }
}
