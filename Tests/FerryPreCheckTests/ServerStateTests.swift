import FerryCore
import Foundation
import Testing

@testable import FerryPreCheck

@Suite struct ClockCheckTests {
    private static let noon = UTCTime(microseconds: 1_528_898_400_000_000)

    @Test(arguments: [
        (Int64(0), PreCheckFinding.Level.ok), (1_900_000, .ok), (-1_900_000, .ok), (2_400_000, .warning),
        (-3_000_000, .warning), (300_100_000, .warning), (301_000_000, .critical), (-7_200_000_000, .critical),
    ])
    func `a clock is judged by how far it is certainly off`(skew: Int64, level: PreCheckFinding.Level) throws {
        let server = try MadeUpServer()
        server.request.serverClock = ServerClockReading(
            serverTime: Self.noon,
            localTime: UTCTime(microseconds: Self.noon.microseconds + skew),
            roundTrip: .milliseconds(400)
        )
        #expect(try server.finding(.clockSkew).level == level)
    }

    @Test func `a slow exchange makes a small skew uncertain`() throws {
        let server = try MadeUpServer()
        server.request.serverClock = ServerClockReading(
            serverTime: Self.noon,
            localTime: UTCTime(microseconds: Self.noon.microseconds - 4_000_000),
            roundTrip: .seconds(5)
        )
        let finding = try server.finding(.clockSkew)
        #expect(finding.level == .ok)
        #expect(finding.seen.contains("4000 ms behind") && finding.seen.contains("sure to 2500 ms"))
    }

    @Test func `a clock that nothing sets is worth a warning that names the daemon, if there is one`() throws {
        let server = try MadeUpServer()
        server.kernel.isClockSynchronized = { false }
        #expect(try server.finding(.clockSynchronization).advice.contains("Start chrony"))
        try server.file("/proc/77/comm", "chronyd\n")
        let finding = try server.finding(.clockSynchronization)
        #expect(finding.level == .warning && finding.seen.contains("chronyd is running"))
        server.kernel.isClockSynchronized = { nil }
        #expect(try server.finding(.clockSynchronization).isChecked == false)
    }
}

@Suite struct LoadCheckTests {
    /// A server whose idle and busy time advance by these ticks during the sample.
    private func server(idle: Int, busy: Int) throws -> MadeUpServer {
        let server = try MadeUpServer()
        @Sendable func text(_ idle: Int, _ busy: Int) -> String {
            "cpu  \(busy) 0 0 \(idle) 10 0 0 0 0 0\ncpu0 1 2 3 4\ncpu1 1 2 3 4\nintr 5\n"
        }
        try server.file("/proc/stat", text(1000, 1000))
        try server.file("/proc/loadavg", "7.25 1.00 0.50 1/200 4321\n")
        let root = server.root
        server.kernel.pause = { _ in
            try? Data(text(1000 + idle, 1000 + busy).utf8).write(to: URL(fileURLWithPath: root + "/proc/stat"))
        }
        return server
    }

    @Test func `processors busy for more than 90 % are worth a warning`() throws {
        let busy = try server(idle: 5, busy: 95).finding(.processorLoad)
        #expect(busy.level == .warning)
        #expect(busy.seen.contains("(2) are 95 % busy") && busy.seen.contains("7.25 tasks"))
        #expect(try server(idle: 10, busy: 90).finding(.processorLoad).level == .ok)
    }

    @Test func `processors whose times stand still could not be checked`() throws {
        #expect(try server(idle: 0, busy: 0).finding(.processorLoad).isChecked == false)
        #expect(try server(idle: -50, busy: 10).finding(.processorLoad).isChecked == false)
    }

    @Test(arguments: [
        ("MemTotal: 16000000 kB\nMemAvailable: 700000 kB\n", PreCheckFinding.Level.warning),
        ("MemTotal: 16000000 kB\nMemAvailable: 900000 kB\n", .ok),
        ("MemTotal: 1000000 kB\nMemAvailable: 100000 kB\n", .warning),
        // Kernel 3.10: no MemAvailable.
        ("MemTotal: 16000000 kB\nMemFree: 100000 kB\nBuffers: 200000 kB\nCached: 4000000 kB\n", .ok),
        ("MemTotal: 16000000 kB\nMemFree: 100000 kB\nBuffers: 20000 kB\nCached: 40000 kB\n", .warning),
    ])
    func `memory is judged by what is available`(text: String, level: PreCheckFinding.Level) throws {
        let server = try MadeUpServer()
        try server.file("/proc/meminfo", text)
        #expect(try server.finding(.memoryLoad).level == level)
    }

    @Test(arguments: ["", "MemTotal: x kB", "MemTotal: 0 kB", "MemTotal: 99999999999999999999 kB"])
    func `memory that is not told could not be checked`(text: String) throws {
        let server = try MadeUpServer()
        try server.file("/proc/meminfo", text)
        #expect(try server.finding(.memoryLoad).isChecked == false)
    }

    @Test func `tasks that wait for disks are worth a warning`() throws {
        let server = try MadeUpServer()
        try server.file("/proc/pressure/cpu", "some avg10=0.00 avg60=2.50 avg300=0.00 total=1\n")
        let line = "avg10=0.00 avg60=55.00 avg300=0.00 total=1\n"
        try server.file("/proc/pressure/io", "some \(line)full \(line)")
        let finding = try server.finding(.pressure)
        #expect(finding.level == .warning)
        #expect(finding.seen.contains("cpu 2.5 %, io 55.0 %"))
    }
}

@Suite struct SpaceCheckTests {
    private func server(available: ByteCount, free: ByteCount? = nil, freeInodes: UInt64 = 900) throws -> MadeUpServer {
        let server = try MadeUpServer()
        server.kernel.space = { _ in
            .init(
                size: .gibibytes(40),
                free: free ?? available,
                available: available,
                inodes: 1000,
                freeInodes: freeInodes
            )
        }
        server.request.stateDirectory = "/var/lib/ferry"
        server.request.diskSize = .gibibytes(65)
        try server.file("/proc/mounts", "/dev/vda1 / ext4 rw 0 0\nnfs:/x /mnt nfs rw 0 0\n")
        return server
    }

    /// Of the 40 GiB of the file system 1 GiB must stay free.
    @Test func `state takes 33 MiB for every 8 GiB begun, and leaves the reserve`() throws {
        let needed = ByteCount.mebibytes(9 * 33 + 1024)
        let enough = try server(available: needed).finding(.stateSpace)
        #expect(enough.level == .ok)
        let short = try server(available: ByteCount(needed.bytes - 1)).finding(.stateSpace)
        #expect(short.level == .critical)
        #expect(short.seen.contains("takes up to 297 MiB"))
    }

    @Test func `a directory without inodes is no room`() throws {
        #expect(try server(available: .gibibytes(9), freeInodes: 3).finding(.stateSpace).level == .critical)
    }

    @Test func `state in memory needs no room`() throws {
        let server = try server(available: .zero)
        server.request.stateDirectory = nil
        #expect(try server.finding(.stateSpace).level == .ok)
    }

    @Test func `a full root file system is critical, and space reserved for root does not count`() throws {
        let server = try server(available: .mebibytes(500), free: .gibibytes(2))
        let finding = try server.finding(.fileSystems)
        #expect(finding.level == .ok)
        let full = try self.server(available: .mebibytes(10), free: .gibibytes(2)).finding(.fileSystems)
        #expect(full.level == .critical && full.seen.hasPrefix("/ is more than 99 % full"))
    }

    @Test func `used-up inodes are told from used-up room`() throws {
        let finding = try server(available: .gibibytes(20), freeInodes: 2).finding(.fileSystems)
        #expect(finding.level == .critical && finding.seen.contains("inodes"))
    }

    @Test func `file systems of other servers are never asked, because they may not answer`() throws {
        let server = try server(available: .gibibytes(20))
        let root = server.root
        server.kernel.space = { path in
            #expect(path == root + "/" || path == "/var/lib/ferry")
            return nil
        }
        #expect(try server.finding(.fileSystems).isChecked == false)
    }
}

@Suite struct MachineAndProcessTests {
    @Test(arguments: [
        ("5.10.0-28-amd64", "x86_64", PreCheckFinding.Level.ok), ("3.10.0-1160.el7.x86_64", "x86_64", .ok),
        ("2.6.32-754.el6", "x86_64", .warning), ("6.1", "aarch64", .ok), ("6.1.0", "i686", .critical),
        ("strange", "x86_64", .warning),
    ])
    func `kernels and processors are judged`(release: String, machine: String, level: PreCheckFinding.Level) throws {
        let server = try MadeUpServer()
        server.kernel.machine = { machine }
        try server.file("/proc/sys/kernel/osrelease", release + "\n")
        #expect(try server.finding(.kernel).level == level)
    }

    @Test func `running databases and container engines are named once each`() throws {
        let server = try MadeUpServer()
        let names = ["systemd", "postgres", "postgres", "ora_pmon_ORCL", "dockerd", "mysqld"]
        for (index, name) in names.enumerated() { try server.file("/proc/\(index + 1)/comm", name + "\n") }
        let databases = try server.finding(.databases)
        #expect(databases.level == .warning)
        #expect(databases.seen == "Running: PostgreSQL, MySQL, Oracle (ORCL)")
        #expect(databases.advice.contains("--freeze"))
        let containers = try server.finding(.containers)
        #expect(containers.level == .ok && containers.seen.contains("dockerd"))
    }

    @Test func `SELinux that is enforcing is noted and needs nothing`() throws {
        let server = try MadeUpServer()
        try server.file("/sys/fs/selinux/enforce", "1")
        let finding = try server.finding(.selinux)
        #expect(finding.level == .ok && finding.seen.contains("is enforcing"))
    }

    @Test func `layers between disks and file systems are named`() throws {
        let server = try MadeUpServer()
        for (name, kind) in [("root", "LVM-abc"), ("secret", "CRYPT-LUKS2-x"), ("mpatha", "mpath-3600")] {
            try server.file("/sys/block/dm-\(name)/dm/name", name + "\n")
            try server.file("/sys/block/dm-\(name)/dm/uuid", kind + "\n")
        }
        try server.file("/proc/mdstat", "Personalities : [raid1]\nmd0 : active raid1 sda1[0]\nunused devices: <none>\n")
        let findings = server.findings(.storageLayers)
        #expect(findings.map(\.level) == [.warning, .warning, .ok, .ok])
        #expect(findings.map(\.seen).joined().contains("mpatha"))
        #expect(findings.last?.seen.contains("md0") == true)
    }
}
