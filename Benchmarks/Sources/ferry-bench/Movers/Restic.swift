/// restic into a repository on the staging server over sftp; the image is then put together there.
final class Restic: Mover {
    let name = "restic"
    let title = "restic backup over sftp; the image from the repository is a second step"
    let rule = ImageComparison.Rule.everything

    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing("restic", "dd") }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        let words = ["restic", "-q", "--repo", repository, "init", "--repository-version", "2"]
        try servers.staging.await(try servers.staging.start(words, environment: environment), "restic init")
        if task.scene != .first { _ = try back(up: task.workloads.first, task) }
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let measurement = try back(up: task.disk, task)
        let image = task.disk.image.shellWord
        let restore =
            "restic -q --repo \(repository) dump --path \(image) latest \(image)"
            + " | dd of=\(servers.copy) bs=64K iflag=fullblock conv=sparse status=none"
        let restoring = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.staging.await(try servers.staging.shell(restore, environment: environment), "restic dump")
        }
        // What dd left out at the end is a hole.
        try Tool.run(["truncate", "--size", "\(task.disk.size)", servers.copy])
        return CopyResult(measurement: measurement, copy: servers.copy, figures: restoring.asRestoring)
    }

    private var repository: String { "\(servers.staging.directory)/repository" }
    private var environment: [String: String] {
        ["RESTIC_PASSWORD": "benchmark", "RESTIC_CACHE_DIR": "\(servers.source.directory)/cache"]
    }

    private func back(up disk: WorkloadDisk, _ task: CopyTask) throws(BenchmarkError) -> Measurement {
        let words = [
            "restic", "-q", "--repo", "sftp:\(shell.destination):\(repository)", "-o",
            "sftp.command=\(shell.program) \(shell.destination) -s sftp", "backup", disk.image,
        ]
        return try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.source.await(try servers.source.start(words, environment: environment), "restic backup")
        }
    }
}
