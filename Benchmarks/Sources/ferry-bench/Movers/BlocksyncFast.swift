import Foundation

/// blocksync-fast through zstd and ssh; for a delta the source keeps a digest of what was sent.
final class BlocksyncFast: Mover {
    let name = "blocksync-fast"
    let title =
        "blocksync-fast --make-delta, zstd -1, ssh, --apply-delta; delta: digest kept at the source; program from BLOCKSYNC_FAST or PATH"
    let rule = ImageComparison.Rule.everything

    private let program = ProcessInfo.processInfo.environment["BLOCKSYNC_FAST"] ?? "blocksync-fast"
    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing(program, "zstd") }

    private var resolved: String { Tool.path(of: program) ?? program }
    private var digest: String { "\(servers.source.directory)/digest" }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        guard task.scene == .delta else {
            try Tool.run(["truncate", "--size", "\(task.disk.size)", servers.copy])
            return
        }
        try Tool.run(["cp", "--sparse=always", task.workloads.first.image, servers.copy])
        let words = [resolved, "--make-digest", "-s", task.workloads.first.image, "-f", digest, "--silent"]
        try servers.source.await(try servers.source.start(words), "blocksync-fast --make-digest")
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let program = resolved.shellWord
        let apply = "set -o pipefail; zstd -dqc | \(program) --apply-delta -d \(servers.copy) --silent"
        let text =
            "\(program) --make-delta -s \(task.disk.image.shellWord) -f \(digest) --silent"
            + " | zstd -1 -qc | \(shell.remotely("bash -c \(apply.shellWord)"))"
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(try servers.source.shell(text), "blocksync-fast")
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }
}
