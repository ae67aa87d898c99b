/// dd through zstd and ssh: everything, holes and stale blocks too.
final class DiskDump: Mover {
    let name = "dd"
    let title = "dd, zstd -1, ssh, dd conv=sparse"
    let rule = ImageComparison.Rule.everything

    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing("dd", "zstd") }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        try Tool.run(["truncate", "--size", "\(task.disk.size)", servers.copy])
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let write =
            "set -o pipefail; zstd -dqc | dd of=\(servers.copy) bs=64K iflag=fullblock conv=sparse,notrunc status=none"
        let remotely = shell.remotely("bash -c \(write.shellWord)")
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(
                try servers.source.shell(
                    "dd if=\(task.disk.image.shellWord) bs=1M status=none | zstd -T0 -1 -qc | \(remotely)"
                ),
                "dd"
            )
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }
}
