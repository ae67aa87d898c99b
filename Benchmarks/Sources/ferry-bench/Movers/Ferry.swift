import Foundation

/// Ferry, as its manual says to run it.
final class Ferry: Mover {
    let name = "ferry"
    let rule = ImageComparison.Rule.usedAndZero
    var title: String { "ferry-agent replicate \(Ferry.roomy.joined(separator: " "))" }

    /// The limits of a first copy that shall be fast; without them the agent takes one core and 64 MiB.
    static let roomy = ["--cores", "2", "--memory", "256MiB"]
    private static let port = 8703

    private let directory: String
    private let programs: String
    private let servers: TwoServers
    private var hasIdentities = false

    /// - Parameter directory: with ferry and ferry-agent. They are copied: who builds them anew meanwhile does not change
    ///   what is measured.
    init(programs directory: String, servers: TwoServers) throws(BenchmarkError) {
        self.servers = servers
        programs = "\(servers.run.path)/programs"
        try Tool.run(["mkdir", "-p", programs])
        for name in ["ferry", "ferry-agent"] where Tool.path(of: "\(directory)/\(name)") != nil {
            try Tool.run(["cp", "\(directory)/\(name)", programs])
        }
        self.directory = directory
    }

    var obstacle: String? { missing("\(directory)/ferry", "\(directory)/ferry-agent") }

    /// A replication job: one for each server.
    enum Job: String { case web01, web02 }

    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        try startStaging()
        guard task.scene != .first else { return }
        var earlier = task
        earlier.scene = .first
        _ = try copy(earlier)
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let job: Job = task.scene == .sister ? .web02 : .web01
        var events = AgentEvents()
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            events = try replicate(job, task.disk, Ferry.roomy)
        }
        return CopyResult(measurement: measurement, copy: try volume(job), figures: events.figures)
    }

    /// Starts the staging server; its data may be there already.
    @discardableResult
    func startStaging() throws(BenchmarkError) -> ChildProcess {
        try makeIdentities()
        return try servers.staging.serve(
            [
                "\(programs)/ferry", "staging", "serve", "--data", data, "--listen",
                "\(servers.staging.address):\(Ferry.port)", "--http", "", "--identity", "\(identities)/staging",
            ],
            port: Ferry.port
        )
    }

    /// Starts an agent. The disk's file name is the same for every image: it is the name of the disk.
    func startAgent(_ job: Job, _ disk: WorkloadDisk, _ options: [String]) throws(BenchmarkError) -> ChildProcess {
        let link = "\(servers.source.directory)/\(disk.name)/disk.img"
        do {
            try FileManager.default.createDirectory(
                atPath: "\(servers.source.directory)/\(disk.name)",
                withIntermediateDirectories: true
            )
            if !FileManager.default.fileExists(atPath: link) {
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: disk.image)
            }
        } catch {
            throw BenchmarkError(.failure, "could not make \(link): \(error)")
        }
        return try servers.source.start(
            [
                "\(programs)/ferry-agent", "replicate", "--disk", link, "--to",
                "\(servers.staging.address):\(Ferry.port)", "--job", job.rawValue, "--identity",
                "\(identities)/\(job.rawValue)", "--state", "\(servers.source.directory)/state", "--json",
            ] + options,
            output: events(job)
        )
    }

    /// Runs an agent to the end.
    func replicate(
        _ job: Job,
        _ disk: WorkloadDisk,
        _ options: [String]
    ) throws(BenchmarkError) -> AgentEvents {
        try servers.source.await(try startAgent(job, disk, options), "ferry-agent")
        return events(of: job)
    }

    /// What a job's agents told so far.
    func events(of job: Job) -> AgentEvents { AgentEvents(file: events(job)) }

    /// What an agent told last, as it told it; of the second job if there is one.
    var lastEvent: String? {
        [Job.web02, .web01].lazy
            .compactMap { try? String(contentsOfFile: self.events($0), encoding: .utf8) }
            .compactMap { $0.split(separator: "\n").last.map(String.init) }
            .first
    }

    /// The file with a job's volume.
    func volume(_ job: Job) throws(BenchmarkError) -> String {
        let lines = try Tool.run(["\(programs)/ferry", "staging", "volumes", "--data", data, "--json"])
        struct Volume: Decodable {
            var volume: String
            var path: String
        }
        for line in lines.split(separator: "\n") {
            guard let volume = try? JSONDecoder().decode(Volume.self, from: Data(line.utf8)) else { continue }
            if volume.volume == "\(job.rawValue)/disk.img" { return volume.path }
        }
        throw BenchmarkError(.failure, "the staging server has no volume of job \(job.rawValue)")
    }

    /// The release and what tells this build of the agent from others.
    var release: String? {
        guard let release = try? Tool.run(["\(programs)/ferry", "--version"]),
            let sum = try? Tool.run(["sha256sum", "\(programs)/ferry-agent"])
        else { return nil }
        return release.trimmingCharacters(in: .whitespacesAndNewlines) + ", SHA-256 of ferry-agent \(sum.prefix(12))"
    }

    private var data: String { "\(servers.staging.directory)/data" }
    private var identities: String { "\(servers.run.path)/identities" }

    private func events(_ job: Job) -> String { "\(servers.source.directory)/\(job.rawValue).events" }

    private func makeIdentities() throws(BenchmarkError) {
        guard !hasIdentities else { return }
        let ferry = "\(programs)/ferry"
        do {
            try FileManager.default.createDirectory(atPath: identities, withIntermediateDirectories: true)
        } catch {
            throw BenchmarkError(.failure, "could not make \(identities): \(error)")
        }
        let authority = "\(identities)/authority"
        try Tool.run([ferry, "pki", "init", authority])
        try Tool.run([
            ferry, "pki", "issue", authority, "--staging", "staging", "--host", servers.staging.address, "--out",
            "\(identities)/staging",
        ])
        for job in [Job.web01, .web02] {
            try Tool.run([
                ferry, "pki", "issue", authority, "--agent", job.rawValue, "--out", "\(identities)/\(job.rawValue)",
            ])
        }
        hasIdentities = true
    }
}
