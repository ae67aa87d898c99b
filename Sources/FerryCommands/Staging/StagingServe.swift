internal import ArgumentParser
internal import FerryCore
internal import FerryProbe
internal import FerryProcess
internal import FerryStaging
internal import FerryTransport
internal import Glibc
internal import Logging

/// `ferry staging serve`
struct StagingServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive the disks of agents until stopped."
    )

    @Option(help: "The data directory: volumes, index, generations.") var data: String
    @Option(help: "The address and port for agents.") var listen = "0.0.0.0:8703"
    @Option(help: "The address and port for health, metrics and volumes over HTTP; empty for none.")
    var http = "0.0.0.0:8080"
    @Option(help: "The directory with ca.pem, cert.pem and key.pem, from \"ferry pki issue --staging\".")
    var identity: String
    @Option(help: "A block device for a volume, as JOB/DISK=/dev/...; may be given several times.")
    var volume: [String] = []
    @Option(help: "From whose volumes content may be copied that an agent has named: all, or those of the same agent.")
    var share = ShareOption.all
    @Option(
        help:
            "Keep packet headers of so long in memory, and write them to DATA/deaths when a lane dies; needs CAP_NET_RAW.",
        transform: ProbeTime.init(parsing:)
    )
    var recordPackets: ProbeTime?
    @Option(help: "Worker threads; 0 takes one for each core.") var workers = 0

    func run() async throws {
        DescriptorLimit.raise()
        let address = try ListenAddress(listen)
        let httpAddress = http.isEmpty ? nil : try ListenAddress(http)
        var devices: [String: String] = [:]
        for text in volume {
            guard let equals = text.firstIndex(of: "="), text[..<equals].contains("/"),
                text[equals...].hasPrefix("=/")
            else {
                throw FerryError(
                    .stagingData,
                    operation: "understand",
                    subject: "--volume \(text)",
                    cause: "it is not JOB/DISK=/dev/...",
                    advice: "Write --volume web01/sda=/dev/vdb."
                )
            }
            devices[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        let recorder = try recorder(UInt16(clamping: address.port))
        defer { recorder?.end() }
        let server = StagingServer(
            configuration: StagingServer.Configuration(
                directory: data,
                listen: (address.host, address.port),
                http: httpAddress.map { ($0.host, $0.port) },
                workers: workers > 0 ? workers : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
                devices: devices,
                sharing: share.sharing,
                release: Release.version,
                laneDied: { recorder?.died() }
            ),
            identity: try TLSIdentity(directory: identity),
            logger: Logger(label: "ferry.staging") { StreamLogHandler.standardError(label: $0) }
        )
        try await StopSignals.cancelling {
            try await server.run { addresses in
                StandardError.line("ferry: receiving on \(addresses.lanes), data in \(data)")
                if let http = addresses.http { StandardError.line("ferry: health and metrics on http://\(http)") }
            }
        }
    }

    private func recorder(_ port: UInt16) throws(FerryError) -> FlightRecorder? {
        guard let recordPackets else { return nil }
        let seconds = min(600, recordPackets.seconds)
        return try FlightRecorder(ports: [port], seconds: seconds, folder: "\(data)/deaths")
    }
}

/// `--share`, as it is written.
enum ShareOption: String, ExpressibleByArgument, CaseIterable {
    case all
    case agent

    var sharing: ChunkSharing {
        switch self {
        case .all: .all
        case .agent: .agent
        }
    }
}
