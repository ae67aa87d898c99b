import Foundation

/// bdsync through zstd and ssh, hashing with SHA-256 on both sides.
final class BDSync: Mover {
    let name = "bdsync"
    let title = "bdsync --zeroblocks (delta: --twopass --hash=sha256), zstd -1, ssh; program from BDSYNC or PATH"
    let rule = ImageComparison.Rule.everything

    private let program = ProcessInfo.processInfo.environment["BDSYNC"] ?? "bdsync"
    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing(program, "zstd") }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        if task.scene == .delta {
            try Tool.run(["cp", "--sparse=always", task.workloads.first.image, servers.copy])
        } else {
            try Tool.run(["truncate", "--size", "\(task.disk.size)", servers.copy])
        }
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let program = Tool.path(of: program) ?? program
        let options = task.scene == .delta ? "--zeroblocks --twopass --hash=sha256" : "--zeroblocks"
        // It splits this at spaces itself and knows no quotes.
        let server = "\(shell.program) \(shell.destination) \(program) --server".shellWord
        let patch = "set -o pipefail; zstd -dqc | \(program) --patch"
        let text =
            "\(program) \(options) \(server) \(task.disk.image.shellWord) \(servers.copy)"
            + " | zstd -1 -qc | \(shell.remotely("bash -c \(patch.shellWord)"))"
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(try servers.source.shell(text), "bdsync")
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }
}
