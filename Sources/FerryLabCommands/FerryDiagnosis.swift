internal import FerryCore
internal import FerryLab
internal import FerryProcess
internal import Foundation

/// `ferry diagnose` at the failing vantage's node, with `ferry-agent vantage` at every vantage's.
struct FerryDiagnosis {
    let range: NetworkRange
    let file: SiteFile
    let timeScale: Double

    /// Runs it, and ends all that it has started.
    /// - Throws: `FerryError` with `ErrorCode.labTool` if a program does not start, fails, or takes longer than half as long
    ///   again as its budget, and `ErrorCode.labVerdict` if its answer cannot be read.
    func run() throws(FerryError) -> Verdict {
        try file.write()
        var children: [ChildProgram] = []
        defer {
            for child in children { child.terminate() }
            for child in children { _ = child.wait(atMost: .zero) }
        }
        guard let log = tmpfile() else { throw failed("ferry-agent", String(cString: strerror(errno))) }
        defer { fclose(log) }
        for vantage in file.site.vantages {
            let socket = file.socket(of: vantage)
            let words = [
                Diagnostician.program("ferry-agent") ?? "ferry-agent", "vantage", "--listen", "unix:\(socket)",
            ]
            children.append(
                try range.start(words, at: vantage.node, output: fileno(log), complaints: fileno(log))
            )
            try wait(for: socket, log)
        }
        return try diagnose()
    }

    private func wait(for socket: String, _ log: UnsafeMutablePointer<FILE>) throws(FerryError) {
        for _ in 0..<200 {
            if access(socket, F_OK) == 0 { return }
            usleep(50_000)
        }
        throw failed("ferry-agent vantage", "it does not listen at \(socket) after 10 s: \(OutputFile.text(log))")
    }

    private func diagnose() throws(FerryError) -> Verdict {
        guard let answer = tmpfile(), let complaints = tmpfile() else {
            throw failed("ferry", String(cString: strerror(errno)))
        }
        defer { for file in [answer, complaints] { fclose(file) } }
        let words = [
            Diagnostician.program("ferry") ?? "ferry", "diagnose", "--site", file.path, "--json", "--tier",
            "\(file.grants.tier)", "--time-scale", "\(timeScale)",
        ]
        let program = try range.start(
            words,
            at: file.site.vantages.first?.node ?? "",
            output: fileno(answer),
            complaints: fileno(complaints)
        )
        let limit = FerryDiagnosis.limit(file.grants, timeScale)
        let (status, isLate) = program.wait(atMost: limit)
        if isLate {
            throw failed("ferry diagnose", "it was not done after \(limit), its budget and half as much again")
        }
        guard let status, [0, 3].contains(status) else {
            let said = OutputFile.text(complaints).trimmingCharacters(in: .whitespacesAndNewlines)
            throw failed("ferry diagnose", "it ended with \(status.map(String.init) ?? "a signal"): \(said)")
        }
        return try Verdict(parsing: OutputFile.text(answer), from: "ferry diagnose")
    }

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
