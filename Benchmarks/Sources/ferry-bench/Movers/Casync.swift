/// casync into a store on the staging server over ssh; the image is then put together there.
final class Casync: Mover {
    let name = "casync"
    let title = "casync make with zstd into a store over ssh; the image from the store is a second step"
    let rule = ImageComparison.Rule.everything

    private let servers: TwoServers
    private let shell: SecureShell

    init(_ shell: SecureShell, servers: TwoServers) {
        self.shell = shell
        self.servers = servers
    }

    var obstacle: String? { SecureShell.obstacle ?? missing("casync") }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try shell.serve()
        try Tool.run(["mkdir", "-p", store])
        guard task.scene != .first else { return }
        _ = try make(task, task.workloads.first)
        guard task.scene == .delta else { return }
        try Tool.run(["cp", "--sparse=always", task.workloads.first.image, seed])
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let measurement = try make(task, task.disk)
        var words = ["casync", "extract", "--store=\(store)"]
        if task.scene == .delta { words.append("--seed=\(seed)") }
        words += ["\(servers.staging.directory)/\(task.disk.name).caibx", servers.copy]
        let restoring = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.staging.await(try servers.staging.start(words), "casync extract")
        }
        return CopyResult(measurement: measurement, copy: servers.copy, figures: restoring.asRestoring)
    }

    private var store: String { "\(servers.staging.directory)/store.castr" }
    private var seed: String { "\(servers.staging.directory)/seed.img" }

    private func make(_ task: CopyTask, _ disk: WorkloadDisk) throws(BenchmarkError) -> Measurement {
        let index = "\(servers.staging.directory)/\(disk.name).caibx"
        return try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            let child = try servers.source.start(
                [
                    "casync", "make", "--compression=zstd", "--store=\(shell.destination):\(store)",
                    "\(shell.destination):\(index)", disk.image,
                ],
                environment: ["CASYNC_SSH_PATH": shell.program]
            )
            try servers.source.await(child, "casync make")
        }
    }
}

extension Measurement {
    /// The cost of the step from a repository to an image, as figures of a run.
    var asRestoring: [String: Double] {
        ["restoringSeconds": wallSeconds, "restoringProcessorSeconds": processorSeconds]
    }
}
