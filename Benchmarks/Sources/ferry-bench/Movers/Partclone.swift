import Foundation

/// partclone through zstd and ssh: what the root file system uses, and nothing else of the disk.
final class Partclone: Mover {
    let name = "partclone"
    let title = "partclone.ext4 of the root file system, zstd -1, ssh; both ends through loop devices"
    let rule = ImageComparison.Rule.usedOfRoot

    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing("partclone.ext4", "zstd", "losetup") }

    /// Nothing to keep: it copies everything again, whatever is there.
    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        try Tool.run(["truncate", "--size", "\(task.disk.size)", servers.copy])
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        guard let root = task.disk.layout.root else {
            throw BenchmarkError(.failure, "\(task.disk.name) has no ext4 file system")
        }
        let list = servers.run.loopList
        let from = try LoopDevice(file: task.disk.image, range: root.range, isReadOnly: true, notedIn: list)
        defer { from.detach() }
        let to = try LoopDevice(file: servers.copy, range: root.range, isReadOnly: false, notedIn: list)
        defer { to.detach() }
        let clone = "partclone.ext4 -c -q -L \(servers.source.directory)/partclone.log -s \(from.path) -o -"
        let restore =
            "set -o pipefail; zstd -dqc | partclone.ext4 -r -q -L \(servers.staging.directory)/partclone.log -s - -o \(to.path)"
        let remotely = shell.remotely("bash -c \(restore.shellWord)")
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(
                try servers.source.shell("\(clone) | zstd -T0 -1 -qc | \(remotely)"),
                "partclone"
            )
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }
}
