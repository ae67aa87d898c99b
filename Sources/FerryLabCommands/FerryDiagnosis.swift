internal import FerryCore
internal import FerryLab
internal import Foundation

/// `ferry diagnose` at the failing vantage's node, with `ferry-agent vantage` at every vantage's.
struct FerryDiagnosis {
    let range: NetworkRange
    let file: SiteFile
    let timeScale: Double
    /// How it chooses experiments; nil leaves it its own way.
    var strategy: String?
    /// The folder that keeps what it was given, said and measured; nil keeps nothing.
    var kept: String?

    /// Diagnoses `scene` with what `grants` leaves of `site`, in a folder that is gone afterwards.
    ///
    /// - Parameter change: what is asked of it beside that.
    static func run(
        _ site: Topology.Site,
        _ grants: Grants,
        _ scene: Examination.Scene,
        console: IPv4Address?,
        timeScale: Double,
        in range: NetworkRange,
        _ change: (inout FerryDiagnosis) -> Void = { _ in }
    ) throws(FerryError) -> Verdict {
        // Its path is short enough for sockets, and if this process is killed, it is gone when the next is made.
        let folder = try RunFolder()
        defer { withExtendedLifetime(folder) {} }
        var file = SiteFile(site, grants, folder: folder.path)
        file.providerRecords = console.map { "exec:curl -sf http://\($0)/blocks" }
        file.monitor = scene.monitor?.write(to: folder.path)
        file.history = try scene.history.write(to: folder.path)
        var diagnosis = FerryDiagnosis(range: range, file: file, timeScale: timeScale)
        change(&diagnosis)
        return try diagnosis.run()
    }

    /// Runs it, and ends all that it has started.
    /// - Throws: `FerryError` with `ErrorCode.labTool` if a program does not start, fails, or takes longer than half as long
    ///   again as its budget, and `ErrorCode.labVerdict` if its answer cannot be read.
    func run() throws(FerryError) -> Verdict {
        try file.write()
        var vantages: [NodeProgram] = []
        defer {
            for vantage in vantages { vantage.kill() }
            keep()
        }
        let log = "\(file.folder)/vantages.log"
        for vantage in file.site.vantages {
            let socket = file.socket(of: vantage)
            let words = [
                Diagnostician.program("ferry-agent") ?? "ferry-agent", "vantage", "--listen", "unix:\(socket)",
                "--site",
                file.path,
            ]
            vantages.append(try range.start(words, at: vantage.node, output: log, complaints: log))
            try wait(for: socket, log)
        }
        return try diagnose()
    }

    private func wait(for socket: String, _ log: String) throws(FerryError) {
        for _ in 0..<200 {
            if access(socket, F_OK) == 0 { return }
            usleep(50_000)
        }
        throw failed("ferry-agent vantage", "it does not listen at \(socket) after 10 s: \(text(log))")
    }

    private func diagnose() throws(FerryError) -> Verdict {
        let (answer, complaints) = ("\(file.folder)/answer.json", "\(file.folder)/complaints.txt")
        var words = [
            Diagnostician.program("ferry") ?? "ferry", "diagnose", "--site", file.path, "--json", "--tier",
            "\(file.grants.tier)", "--time-scale", "\(timeScale)", "--incident", "\(file.folder)/incident",
        ]
        if let strategy { words += ["--strategy", strategy] }
        if kept != nil { words.append("--explain") }
        let node = file.site.vantages.first?.node ?? ""
        let program = try range.start(words, at: node, output: answer, complaints: complaints)
        let limit = FerryDiagnosis.limit(file.grants, timeScale)
        guard program.wait(atMost: limit) else {
            program.kill()
            throw failed("ferry diagnose", "it was not done after \(limit), its budget and half as much again")
        }
        guard case .exited(let status) = program.state, [0, 3].contains(status) else {
            let said = text(complaints).trimmingCharacters(in: .whitespacesAndNewlines)
            throw failed("ferry diagnose", "it ended with \(program.state): \(said)")
        }
        return try Verdict(parsing: text(answer), from: "ferry diagnose")
    }

    private func keep() {
        guard let kept else { return }
        try? FileManager.default.removeItem(atPath: kept)
        try? FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
        for name in [
            "site.yaml", "answer.json", "complaints.txt", "vantages.log", "incident", "events.jsonl", "egress.csv",
        ] {
            try? FileManager.default.copyItem(atPath: "\(file.folder)/\(name)", toPath: "\(kept)/\(name)")
        }
    }

    private func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    /// How long a diagnosis may take: its budget and half as much again, but not less than a program takes to start.
    static func limit(_ grants: Grants, _ timeScale: Double) -> Duration {
        max(.seconds(20), .seconds(grants.minutes * 60 * timeScale * 1.5))
    }

    private func failed(_ program: String, _ cause: String) -> FerryError {
        FerryError(
            .labTool,
            operation: "run",
            subject: program,
            cause: cause,
            advice: "Run it by hand in `ferry-lab up` to see more."
        )
    }
}
