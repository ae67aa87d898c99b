import ArgumentParser
import Foundation

@main
struct FerryBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ferry-bench",
        abstract: "Measures Ferry and its peers between two servers made of network namespaces on this machine.",
        discussion: """
            Needs root. FERRY_BIN names the directory with ferry and ferry-agent (default .build/programs/release); \
            FERRY_CACHE where the workloads are kept (default ~/.cache/ferry).

            EXIT STATUS: 0 done, 1 a run failed, 2 the input is wrong, 3 measured and something is not as promised.
            """
    )

    @Option(help: "The cases, separated by commas.", transform: FerryBench.cases)
    var cases = BenchmarkCase.allCases
    @Option(help: "Ferry and the peers that take part, separated by commas; all if not given.")
    var only: String?
    @Option(help: "How often everything is run.") var rounds = 5
    @Option(help: "A directory with w1.img, w2.img and w3.img, instead of having them made.") var images: String?
    @Flag(help: "Small disks that are soon made: a look, not a measurement.") var small = false
    @Option(help: "Wait up to this many seconds before each run until the machine is quiet.") var quiet = 0.0
    @Option(help: "End a run that takes longer than this many seconds.") var limit = 900.0
    @Option(help: "Write all that was found out to this file, as JSON.") var json: String?
    @Option(help: "Write the tables to this file too.") var table: String?

    private static func cases(_ text: String) throws -> [BenchmarkCase] {
        try text.split(separator: ",").map { name in
            guard let value = BenchmarkCase(rawValue: String(name)) else {
                let names = BenchmarkCase.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no case \"\(name)\". The cases are: \(names).")
            }
            return value
        }
    }

    func validate() throws {
        guard rounds >= 1 else { throw ValidationError("--rounds is at least 1.") }
        guard !(small && images != nil) else { throw ValidationError("Give one of --small and --images.") }
    }

    func run() throws {
        do throws(BenchmarkError) {
            try measure()
        } catch {
            Output.error("ferry-bench: \(error)")
            throw ExitCode(error.exitStatus)
        }
    }

    private func measure() throws(BenchmarkError) {
        guard geteuid() == 0 else {
            throw BenchmarkError(.input, "network namespaces and control groups need root")
        }
        StopRequest.listen()
        let leftovers = RunDirectory.removeLeftovers()
        if leftovers > 0 { Output.line("Removed what \(leftovers) killed runs had left.") }
        let directory = if let images { images } else { try WorkloadCache.directory(small ? .small : .full) }
        let workloads = try Workloads(in: directory)
        let servers = try TwoServers()
        defer { servers.remove() }
        try compare(workloads, servers)
    }

    private func compare(_ workloads: Workloads, _ servers: TwoServers) throws(BenchmarkError) {
        let ferry = try Ferry(programs: FerryBench.programs, servers: servers)
        let (movers, skipped) = try Contenders(ferry: ferry, servers: servers).chosen(only)
        var versions: [String: String] = [:]
        for mover in movers {
            versions[mover.name] = mover === ferry ? ferry.release : Versions.version(of: mover.name)
        }
        var results = Results(
            began: Date(),
            rounds: rounds,
            machine: .this(),
            workloads: workloads.all.map(\.summary),
            movers: Dictionary(uniqueKeysWithValues: movers.map { ($0.name, $0.title) }),
            versions: versions,
            skipped: skipped
        )
        for skip in skipped { Output.line("skipped \(skip.mover): \(skip.why)") }
        var unwritten: BenchmarkError?
        let session = Session(
            servers: servers,
            workloads: workloads,
            ferry: ferry,
            movers: movers,
            limit: limit,
            quietLimit: quiet
        ) { run in
            Output.line(run.line)
            results.runs.append(run)
            do throws(BenchmarkError) {
                // After every run, so that nothing is lost when somebody kills this.
                if let json { try results.write(to: json) }
            } catch {
                unwritten = error
            }
        }
        var stopped: BenchmarkError?
        do throws(BenchmarkError) {
            try session.run(cases, rounds: rounds)
        } catch {
            stopped = error
        }
        results.ended = Date()
        try publish(results)
        if let failure = stopped ?? unwritten { throw failure }
        finish(results, servers)
    }

    private func publish(_ results: Results) throws(BenchmarkError) {
        let text = Report(results: results).text
        Output.line("\n\(text)")
        if let json { try results.write(to: json) }
        guard let table else { return }
        do {
            try text.write(toFile: table, atomically: true, encoding: .utf8)
        } catch {
            throw BenchmarkError(.failure, "could not write \(table): \(error)")
        }
    }

    private func finish(_ results: Results, _ servers: TwoServers) {
        guard results.exitStatus != 0 else { return }
        servers.remove()
        Foundation.exit(results.exitStatus)
    }

    private static var programs: String {
        let named = ProcessInfo.processInfo.environment["FERRY_BIN"] ?? ".build/programs/release"
        return URL(filePath: named).standardizedFileURL.path
    }
}
