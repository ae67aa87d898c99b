internal import FerryAddress
internal import FerryCore
internal import FerryDisk
internal import FerryPreCheck
internal import FerryReplication
internal import FerryTransport
internal import Glibc

/// `ferry-agent check`
struct Check {
    private static let help = """
        USAGE: ferry-agent check [--to HOST:PORT[,HOST:PORT...]] [--disk PATH...] [--job NAME] [options]

        Looks at this server, its disks and the way to the staging server, and says what would stop the move. Moves
        nothing, claims nothing and leaves nothing behind; sends at most 16 MiB to each endpoint, for at most 3 s.

          --to HOST:PORT,... the staging server's endpoints; without it the network is not looked at
          --disk PATH        a block device or an image file to be moved; may be given several times
          --job NAME         the replication job: whether it is free is asked too
          --identity DIR     ca.pem, cert.pem and key.pem, from "ferry pki issue" (default /etc/ferry)
          --state DIR        where a replication would keep its state (default /var/lib/ferry-agent)
          --no-state         a replication would keep its state in memory
          --rate RATE        never send more than this, counting packet headers: 20Mbit/s, 1.5Gbit/s
          --target KIND      the disks at the target: virtio-blk (default), virtio-scsi, nvme, xen
          --json             one JSON object instead of words

        EXIT STATUS: 0 nothing critical was found, 1 Ferry failed, 2 the input is wrong, 3 the move would fail.

        """

    private var paths: [String]
    private var endpoints: [EndpointAddress] = []
    private var job: JobID?
    private var identityDirectory: String
    private var rate: BitRate?
    private var request = PreCheckRequest()
    private var isJSON: Bool

    static func run(_ words: [String]) async throws -> Int32 {
        var arguments = ArgumentList(words, verb: "check")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        let check = try Check(&arguments)
        BackgroundPriority.enter()
        let report = await check.report()
        if check.isJSON {
            Output.line(report.json)
        } else {
            for finding in report.findings { Output.line("\(finding)") }
            Output.line(report.summary)
        }
        return report.count(.critical) > 0 ? 3 : 0
    }

    private init(_ arguments: inout ArgumentList) throws(FerryError) {
        isJSON = arguments.flag("json")
        paths = try arguments.values("disk").flatMap { $0.split(separator: ",").map(String.init) }
        for target in try arguments.value("to")?.split(separator: ",") ?? [] {
            endpoints.append(try EndpointAddress(parsing: String(target)))
        }
        job = if let name = try arguments.value("job") { try JobID(name) } else { nil }
        identityDirectory = try arguments.value("identity") ?? "/etc/ferry"
        if let text = try arguments.value("rate") { rate = try BitRate(parsing: text) }
        if let text = try arguments.value("target") {
            guard let bus = TargetDiskBus(rawValue: text) else {
                let kinds = TargetDiskBus.allCases.map(\.rawValue).joined(separator: ", ")
                throw arguments.error("--target \(text)", "it is none of \(kinds)")
            }
            request.targetBus = bus
        }
        let state = try arguments.value("state") ?? "/var/lib/ferry-agent"
        request.stateDirectory = arguments.flag("no-state") ? nil : Check.existing(state)
        paths += try arguments.operands()
    }

    /// The directory itself, or the nearest above it that is there: a replication makes what is missing.
    private static func existing(_ directory: String) -> String {
        var path = directory
        while access(path, F_OK) != 0, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            path = String(path[..<slash])
        }
        return access(path, F_OK) == 0 ? path : directory.hasPrefix("/") ? "/" : "."
    }

    private func report() async -> CheckReport {
        var report = CheckReport(job: job?.name)
        var names: [String] = []
        for path in paths { report.disks.append(DiskFindings(path, names: &names)) }
        report.findings = report.disks.flatMap(\.findings)
        if !endpoints.isEmpty {
            do throws(FerryError) {
                let identity = try TLSIdentity(directory: identityDirectory)
                report.findings.append(IdentityFinding.of(identity))
                report.endpoints = try await trials(identity)
            } catch {
                report.findings.append(IdentityFinding.unusable(error))
            }
        }
        let used = ByteCount(report.disks.reduce(0) { $0 + $1.used.bytes })
        report.findings += NetworkFindings(used: used, limit: rate).of(report.endpoints, job: job)
        var request = request
        request.diskSize = ByteCount(report.disks.reduce(0) { $0 + $1.size.bytes })
        let clocks = report.endpoints.compactMap(\.clock)
        request.serverClock = clocks.min { $0.roundTrip < $1.roundTrip }.map {
            ServerClockReading(serverTime: $0.server, localTime: $0.here, roundTrip: $0.roundTrip)
        }
        report.findings += PreCheck.run(.ofThisServer(), request, decompressor: .ofAgent)
        return report
    }

    /// One endpoint after another, so that they do not take the link from each other.
    private func trials(_ identity: TLSIdentity) async throws(FerryError) -> [EndpointMeasurement] {
        let trial = EndpointTrial(identity: identity, job: job, rate: rate)
        var measurements: [EndpointMeasurement] = []
        for endpoint in endpoints {
            do {
                measurements.append(try await trial.run(endpoint))
            } catch let error as FerryError {
                throw error
            } catch {
                throw FerryError(
                    .laneEnded,
                    operation: "try",
                    subject: "\(endpoint)",
                    cause: "\(error)",
                    advice: "Try again."
                )
            }
        }
        return measurements
    }
}
