internal import FerryAddress
internal import FerryCore
internal import FerryDisk
internal import FerryProbe
internal import FerryProcess
internal import FerryReplication
internal import FerryTransport
internal import Glibc

/// `ferry-agent replicate`
enum Replicate {
    private static let help = """
        USAGE: ferry-agent replicate --disk PATH... --to HOST:PORT[,HOST:PORT...] --job NAME [options]

        Copies the disks to the staging server, survives whatever the network does, and ends when the staging server
        has read everything back and agrees. The same command goes on where it stopped; later it sends what changed.

          --disk PATH        a block device or an image file; may be given several times
          --to HOST:PORT,... the staging server's endpoints, in order of preference
          --job NAME         the replication job: 1 to 64 of A-Z a-z 0-9 . _ -
          --identity DIR     ca.pem, cert.pem and key.pem, from "ferry pki issue" (default /etc/ferry)
          --state DIR        what must not be forgotten between two runs (default /var/lib/ferry-agent)
          --no-state         forget everything at the end; a later run compares everything anew
          --rate RATE        never send more than this, counting packet headers: 20Mbit/s, 1.5Gbit/s
          --cores N          processor cores to use at the most (default 1)
          --memory SIZE      memory to use at the most (default 64MiB)
          --lanes N          connections at a time (default 1)
          --continuous       go on with a pass after every interval, until stopped
          --interval TIME    from the beginning of one pass to that of the next: 15m, 90s, 2h (default 15m)
          --freeze           end with a pass for which the disks' mounted file systems are frozen
          --freeze-limit T   thaw after so long whatever happens: 30s, 2m (default 30s)
          --all-blocks       copy also what no file system uses
          --record-packets T keep packet headers of so long in memory, and write them to STATE/JOB/deaths when a
                             connection dies: 30s; needs CAP_NET_RAW
          --json             one JSON object a line instead of words

        EXIT STATUS: 0 done and verified, 1 Ferry failed, 2 the input is wrong, 3 done and verified, but fuzzy in spite of
        --freeze, or with blocks that could not be read.

        """

    static func run(_ words: [String]) async throws -> Int32 {
        var arguments = ArgumentList(words, verb: "replicate")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        let isJSON = arguments.flag("json")
        let identityDirectory = try arguments.value("identity") ?? "/etc/ferry"
        let recorded = try arguments.value("record-packets").map { text throws(FerryError) in try Interval.parse(text) }
        let configuration = try configuration(&arguments)
        let recorder = try recorder(configuration, recorded, arguments)
        let identity = try TLSIdentity(directory: identityDirectory)
        BackgroundPriority.enter()
        let report = report(isJSON: isJSON, job: configuration.job)
        let log = configuration.stateDirectory.map { EventLog(directory: $0, job: configuration.job.name) }
        let replication = Replication(configuration: configuration, identity: identity)
        defer {
            Output.standard.letGo()
            log?.letGo()
            recorder?.release()
            recorder?.end()
        }
        let outcome = try await StopSignals.cancelling {
            try await replication.run { event in
                if case .thawed = event { Output.standard.letGo() }
                recorder?.hear(event)
                report.tell(event)
                if case .freezing = event { Output.standard.hold() }
                log?.tell(event)
            }
        }
        return tell(outcome)
    }

    private static func recorder(
        _ configuration: ReplicationConfiguration,
        _ recorded: Duration?,
        _ arguments: ArgumentList
    ) throws(FerryError) -> FlightRecorder? {
        guard let recorded else { return nil }
        guard let state = configuration.stateDirectory else {
            throw arguments.error("--record-packets", "with --no-state there is no place for what it writes")
        }
        guard recorded <= .seconds(600) else {
            throw arguments.error("--record-packets", "10 minutes are the most that it keeps")
        }
        return try FlightRecorder(
            ports: configuration.endpoints.map(\.port),
            seconds: Double(recorded.components.seconds),
            folder: "\(state)/\(configuration.job.name)/deaths"
        )
    }

    private static func tell(_ outcome: ReplicationOutcome) -> Int32 {
        if outcome.damaged > .zero {
            Output.error(
                "ferry-agent: everything that can be read is verified; \(outcome.damaged) could not be read and are zero in "
                    + "the image. The damaged extents are in the log. Look at the disk, and at what files lie there."
            )
        }
        if outcome.isFuzzyThoughFrozen {
            Output.error(
                "ferry-agent: everything is verified, and fuzzy: the time limit came before every final pass was done, or "
                    + "something else wrote to the disk; the messages above say which. Allow a longer freeze "
                    + "(--freeze-limit), a higher rate, or less to write meanwhile."
            )
        }
        return outcome.damaged > .zero || outcome.isFuzzyThoughFrozen ? 3 : 0
    }

    private static func report(isJSON: Bool, job: JobID) -> any Report {
        if isJSON { return JSONReport(job: job.name) }
        return Output.isTerminal ? TerminalReport() : LineReport()
    }

    private static func configuration(
        _ arguments: inout ArgumentList
    ) throws(FerryError) -> ReplicationConfiguration {
        let disks = try arguments.values("disk").flatMap { $0.split(separator: ",").map(String.init) }
        let targets = try arguments.required("to")
        let job = try JobID(try arguments.required("job"))
        var endpoints: [EndpointAddress] = []
        for target in targets.split(separator: ",") { endpoints.append(try EndpointAddress(parsing: String(target))) }
        var configuration = ReplicationConfiguration(
            job: job,
            disks: disks,
            endpoints: endpoints,
            release: AgentProgram.release
        )
        let state = try arguments.value("state") ?? "/var/lib/ferry-agent"
        configuration.stateDirectory = arguments.flag("no-state") ? nil : state
        if let rate = try arguments.value("rate") { configuration.rate = try BitRate(parsing: rate) }
        if let cores = try arguments.number("cores", 1...64) { configuration.cores = cores }
        if let memory = try arguments.value("memory") { configuration.memory = try ByteCount(parsing: memory) }
        if let lanes = try arguments.number("lanes", 1...16) { configuration.lanes = lanes }
        let interval = try arguments.value("interval").map { text throws(FerryError) in try Interval.parse(text) }
        if arguments.flag("continuous") {
            configuration.interval = interval ?? .seconds(900)
        } else if interval != nil {
            throw arguments.error("--interval", "it goes with --continuous")
        }
        let limit = try arguments.value("freeze-limit").map { text throws(FerryError) in try Interval.parse(text) }
        if let limit, limit > .seconds(600) {
            throw arguments.error("--freeze-limit", "every writer waits meanwhile: 10 minutes are the most")
        }
        if arguments.flag("freeze") {
            configuration.freezeLimit = limit ?? .seconds(30)
        } else if limit != nil {
            throw arguments.error("--freeze-limit", "it goes with --freeze")
        }
        configuration.copiesAllBlocks = arguments.flag("all-blocks")
        let more = try arguments.operands()
        configuration.disks += more
        guard !configuration.disks.isEmpty else { throw arguments.error("--disk", "it is missing") }
        guard configuration.disks.count <= 64 else {
            throw arguments.error("--disk", "a job has at most 64 disks; use a second job for the others")
        }
        guard !endpoints.isEmpty else { throw arguments.error("--to", "it names no endpoint") }
        guard configuration.memory >= .mebibytes(32), configuration.memory <= .gibibytes(64) else {
            throw arguments.error("--memory \(configuration.memory)", "it is not from 32 MiB to 64 GiB")
        }
        return configuration
    }
}
