import Testing

@testable import FerryPreCheck

@Suite struct FstabTests {
    private func server(_ fstab: String) throws -> MadeUpServer {
        let server = try MadeUpServer()
        try server.file("/etc/fstab", fstab)
        try server.file("/dev/sda1", "")
        try server.file("/dev/sdb1", "")
        try server.link("/dev/disk/by-uuid/aaaa-1", to: "../../sda1")
        try server.link("/dev/disk/by-uuid/bbbb-2", to: "../../sdb1")
        try server.link("/dev/disk/by-label/my\\x20data", to: "../../sdb1")
        return server
    }

    @Test func `names by content that exist are fine`() throws {
        let server = try server(
            "# comment\nUUID=AAAA-1 / ext4 defaults 0 1\nLABEL=my\\040data /data\\040dir xfs defaults\nproc /proc proc defaults\n"
                + "tmpfs /tmp tmpfs size=1g\n/data /srv none bind\nUUID=\"bbbb-2\" none swap sw\n"
        )
        let finding = try server.finding(.fstab)
        #expect(finding.level == .ok && finding.seen.contains("3 devices"))
    }

    @Test func `a name that depends on the disks' order gets its line number and the name to write`() throws {
        let server = try server("UUID=aaaa-1 / ext4 defaults 0 1\n\n/dev/sdb1 /data xfs defaults 0 0\n")
        let finding = try server.finding(.fstab)
        #expect(finding.level == .warning)
        #expect(finding.seen.contains("line 3 names /dev/sdb1 for /data"))
        #expect(finding.advice.contains("Write UUID=bbbb-2 instead"))
    }

    @Test func `the name to write is also found where only udev's records are seen`() throws {
        let server = try MadeUpServer()
        try server.file("/etc/fstab", "/dev/sdz1 /data xfs defaults 0 0\n")
        try server.file("/sys/class/block/sdz1/dev", "8:17\n")
        try server.file("/run/udev/data/b8:17", "S:disk/by-id/x\nE:ID_FS_TYPE=xfs\nE:ID_FS_UUID=cccc-3\n")
        #expect(try server.finding(.fstab).advice.contains("Write UUID=cccc-3 instead"))
    }

    @Test(arguments: [
        ("UUID=gone /data xfs defaults", PreCheckFinding.Level.critical), ("LABEL=gone /data xfs defaults", .critical),
        ("/dev/sdx1 /data xfs defaults", .critical), ("/dev/mapper/vg-gone /data xfs defaults", .critical),
        ("UUID=gone /data xfs defaults,nofail", .ok), ("UUID=gone /data xfs noauto,ro", .ok),
        ("UUID=gone none swap sw", .warning), ("/dev/sdx1 /data xfs noauto", .warning),
    ])
    func `a device that is missing hangs the start unless it is optional`(line: String, level: PreCheckFinding.Level)
        throws
    {
        let finding = try server(line + "\n").finding(.fstab)
        #expect(finding.level == level)
        if level == .critical { #expect(finding.advice.contains("hang at boot")) }
    }

    @Test func `where no device can be seen, nothing is called missing`() throws {
        let server = try MadeUpServer()
        try server.file("/etc/fstab", "UUID=a / ext4 defaults\n")
        let finding = try server.finding(.fstab)
        #expect(!finding.isChecked && finding.level == .warning)
    }

    @Test func `mounts from other servers are noted, and warned of if the start waits for them`() throws {
        let risky = try server("nas:/export /mnt nfs defaults 0 0\n").finding(.fstab)
        #expect(risky.level == .warning && risky.advice.contains("nofail,_netdev to line 1"))
        let findings = try server("nas:/export /mnt nfs4 nofail 0 0\n").findings(.fstab)
        #expect(findings.map(\.level) == [.ok, .ok])
    }

    @Test(arguments: [
        ("/dev/sda1", DeviceName.byOrder), ("/dev/hda", .byOrder), ("/dev/cciss/c0d0p1", .byOrder),
        ("/dev/vg/root", .byContent),
        ("/dev/md127", .byContent), ("/dev/disk/by-uuid/1", .byContent), ("/dev/disk/by-path/x", .byPath),
        ("/dev/disk/by-id/ata-X", .byHardware), ("/dev/disk/by-id/dm-uuid-LVM-x", .byContent), ("uuid=1", .byContent),
        ("tmpfs", .other), ("nas:/export", .other), ("/srv/image", .other), ("/dev/hdd/data", .byContent),
        ("/dev/sd", .byContent), ("/dev/mapper/mpatha1", .byContent),
    ])
    func `names of devices are told apart`(name: String, kind: DeviceName) {
        #expect(DeviceName(name) == kind)
    }
}
