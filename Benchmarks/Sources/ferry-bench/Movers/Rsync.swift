/// rsync over ssh, with its own zstd; a delta with blocks of 16 KiB, which needs the least time and few bytes.
final class Rsync: Mover {
    let name = "rsync"
    let title = "rsync --inplace --compress-choice=zstd --compress-level=1 over ssh; delta: --block-size=16384"
    let rule = ImageComparison.Rule.everything

    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing("rsync") }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        guard task.scene == .delta else { return }
        try Tool.run(["cp", "--sparse=always", task.workloads.first.image, servers.copy])
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let way =
            task.scene == .delta
            ? ["--no-whole-file", "--ignore-times", "--block-size=16384"] : ["--whole-file", "--sparse"]
        let words =
            ["rsync", "--inplace", "--compress", "--compress-choice=zstd", "--compress-level=1"] + way
            + ["--rsh", shell.program, task.disk.image, "\(shell.destination):\(servers.copy)"]
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(try servers.source.start(words), "rsync")
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }
}
