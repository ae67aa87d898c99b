internal import FerryCore
internal import Foundation

/// The real programs of a story: a staging server, and agents that move the disks of source servers to it.
final class TimelineJobs {
    private let timeline: Timeline
    private let range: NetworkRange
    private let programs: FerryPrograms
    private let identities: RunIdentities
    private let folder: RunFolder
    private let staging: StagingServer
    private var running: [AgentJob] = []
    private var disks: Set<String> = []
    /// Servers whose disks have arrived and been verified.
    private(set) var verified: Set<String> = []
    /// When the agents were started last.
    private var started = UTCTime.now()

    init(_ timeline: Timeline, in range: NetworkRange, _ programs: FerryPrograms) throws(FerryError) {
        self.timeline = timeline
        self.range = range
        self.programs = programs
        folder = try RunFolder()
        identities = try RunIdentities(
            programs,
            in: "\(folder.path)/identities",
            hosts: ["\(timeline.stagingAddress)"]
        )
        // Its ports are those of the plain services until then.
        for port in timeline.ports + [8080] { range.service(timeline.staging, port)?.set(.isStopped) }
        usleep(50_000)
        staging = try StagingServer(
            StagingServer.Options(
                data: "\(folder.path)/staging",
                listen: "0.0.0.0:\(timeline.ports[0])",
                http: "0.0.0.0:8080",
                identity: identities.staging,
                log: "\(folder.path)/staging.log"
            ),
            programs,
            at: try range.namespace(of: timeline.staging)
        )
        // Other ports lead to the same server.
        for port in timeline.ports.dropFirst() {
            try range.load(
                """
                table ip ports_\(port) {
                  chain lead {
                    type nat hook prerouting priority dstnat; policy accept;
                    tcp dport \(port) redirect to :\(timeline.ports[0])
                  }
                }
                """,
                into: timeline.staging
            )
        }
    }

    /// Starts an agent at each of `servers`; those that run are stopped first.
    func start(_ servers: [String], _ port: UInt16, _ rate: BitRate?) throws(FerryError) {
        stop()
        started = UTCTime.now()
        for server in servers {
            let disk = "\(folder.path)/\(server).disk"
            if disks.insert(server).inserted {
                try SourceDisk(size: timeline.disk, seed: FNV1a(server).value).write(to: disk)
            }
            let options = AgentJob.Options(
                name: server,
                disks: [disk],
                endpoints: ["\(timeline.stagingAddress):\(port)"],
                identity: try identities.agent(server),
                state: "\(folder.path)/state-\(server)",
                rate: rate,
                memory: .mebibytes(32)
            )
            try? FileManager.default.removeItem(atPath: "\(options.state)/\(server).out")
            running.append(try AgentJob(options, programs, at: try range.namespace(of: server)))
        }
    }

    /// How the agents stand: verified, cut off at least once, and their number.
    var count: (verified: Int, broken: Int, all: Int) {
        for job in running where job.isVerified { verified.insert(job.options.name) }
        let done = running.count { $0.isVerified }
        let broken = running.count { !$0.isVerified && ($0.progress.lastTrouble != nil || $0.state != .running) }
        return (done, broken, running.count)
    }

    /// What the last connection of the first agent that is in trouble says.
    var trouble: String? {
        running.lazy.compactMap { job in job.isVerified ? nil : job.progress.lastTrouble ?? job.trouble }.first
    }

    /// Whether every agent has told of its progress, or has ended.
    var isTold: Bool { running.allSatisfy { $0.state != .running || $0.progress.sentBytes > 0 } }

    /// Bytes that the agents have sent since they were started last.
    var sentBytes: ByteCount { ByteCount(running.reduce(0) { $0 + $1.progress.sentBytes }) }

    /// Stops the agents that run.
    func stop() {
        _ = count
        for job in running where job.state == .running { job.terminate() }
        for job in running where !job.wait(atMost: .seconds(5)) { job.kill() }
        running = []
    }

    func end() {
        stop()
        staging.end()
    }
}
