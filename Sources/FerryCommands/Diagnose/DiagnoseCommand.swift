public import ArgumentParser
internal import FerryCore
public import FerryDiagnosis
public import FerryEvidence
internal import FerryProbe
internal import FerryProcess
internal import FerryReport
internal import FerrySite
internal import Foundation

/// `ferry diagnose`
struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Find out who breaks a connection, and prove it.",
        discussion: """
            Looks at what is known already, then makes one experiment after another, each the one that is expected to tell \
            most for what it costs, and says who has to do what. A suspect is connected to at most once a minute, unless the \
            site file says otherwise.

              ferry diagnose --site site.yaml
              ferry diagnose 198.51.100.20:8703 --protocol ferry --control 8080/http

            EXIT STATUS: 0 a verdict was reached, 3 none, or several that cannot be told apart from here, or interrupted \
            before it was sure, 2 the input is wrong, 1 Ferry failed.
            """
    )

    @Argument(help: "What fails, as HOST:PORT; without a site file.")
    var suspect: String?

    @Option(help: "The site file: what fails, what to compare it with, where to look from.")
    var site: String?

    @Option(
        help: "A port of the same host that works, as 8080 or 8080/http; without a site file.",
        transform: ControlPort.init(parsing:)
    )
    var control: [ControlPort] = []

    @Option(help: "What may be tried: rate-test (fills the line for seconds), silence; without a site file.")
    var allow: [Site.Permission] = []

    @Option(
        name: .customLong("protocol"),
        help: "What the suspect speaks: ferry, tls, tcp (if not given), http or rsync; without a site file."
    )
    var speaks: ServiceProtocol?

    @Option(
        help: "0 unprivileged, 1 with captures, 2 with vantages in the cloud, 3 with provider records; 3 if not given."
    )
    var tier: Int?

    @Option(help: "Multiplies every wait, by 1 if not given; for the lab, where 0.05 makes a minute of 3 s.")
    var timeScale: Double?

    @Option(help: "The folder for what is measured; ferry-incident-TIME if not given.")
    var incident: String?

    @Option(name: .customLong("continue"), help: "The folder of a diagnosis that was interrupted: go on with it.")
    var goOn: String?

    @Option(help: "The folder of a diagnosis whose remedy has been carried out: try once more what had failed.")
    var confirm: String?

    @Option(help: "Give the verdict of recorded measurements, and make none.")
    var replay: String?

    @Option(
        name: .customLong("capture"),
        help: "A capture (pcap, pcapng) made at the source while it failed; may be given several times."
    )
    var captures: [String] = []

    @Option(help: "The identity that vantages reached by tls are shown.")
    var identity: String?

    @Option(help: "The language of the answer: en, or zh for the report in Chinese.")
    var lang: Report.Language = .english

    @Flag(help: "Print ferry.diagnosis/1 as JSON.")
    var json = false

    @Flag(help: "Tell everything that was found, and how the belief moves.")
    var explain = false

    @Flag(help: "Tell nothing but the answer.")
    var quiet = false

    @Option(help: ArgumentHelp("How experiments are chosen.", visibility: .hidden))
    var strategy: Strategy = .gain

    @Option(help: ArgumentHelp("Of the order of the strategy random.", visibility: .hidden))
    var seed: UInt64 = 1

    private static let mostTier = 3

    func run() async throws {
        if let replay {
            let (engine, startedAt, last) = try RecordedIncident.read(replay)
            if explain { Narration(isOn: !quiet, explains: true).retells(engine) }
            return try finish(
                engine.document(
                    startedAt: startedAt,
                    endedAt: UTCTime(microseconds: startedAt.microseconds + Int64(last * 1e6)),
                    seconds: last
                ),
                in: nil
            )
        }
        var document: DiagnosisDocument
        var folder: IncidentFolder?
        var isInterrupted = false
        (document, folder, isInterrupted) = try await StopSignals.cancelling { try await diagnose() }
        let isCutShort = isInterrupted && ![.confirmed, .veryLikely].contains(document.verdict.level)
        // Whoever reads it later has to know that going on with it may tell more.
        if isCutShort { document.interrupted = true }
        try finish(document, in: folder)
        // What was cut short and is not sure is no verdict that a script may act on.
        if isCutShort { throw AnswerIsNo(text: "it was interrupted before it was sure") }
    }

    private func diagnose() async throws -> (DiagnosisDocument, IncidentFolder?, isInterrupted: Bool) {
        let earlier = try (goOn ?? confirm).map { path throws(FerryError) in try openEarlier(path) }
        let recorded = earlier?.recorded
        var site = try recorded?.site ?? declaredSite()
        if recorded?.all.first?.looksFromItself == true { site.vantages = [] }
        try VantageIdentity.check(identity, for: site)
        let local = try LocalVantage(site)
        defer { local?.close() }
        if let local { site.vantages = [local.vantage] }
        let scale = recorded?.all.first?.timeScale ?? timeScale ?? 1
        let startedAt = recorded?.all.first?.startedAt.flatMap { UTCTime(parsing: $0) } ?? .now()
        let narration = Narration(isOn: !quiet, explains: explain)
        let vantages = VantageSet(site, identity: identity)
        let away = await narration.during("reaching the vantages") { await vantages.connect() }
        for (name, problem) in away { narration.vantage(name, problem: problem) }
        let granted = recorded?.all.first?.tier ?? tier ?? DiagnoseCommand.mostTier
        if granted >= 1 { narration.withoutCapture(await vantages.withoutCapture) }
        let reachable = await vantages.reachable
        guard let first = site.vantages.first, reachable.contains(first.name) else {
            throw FerryError(
                .vantageUnreachable,
                operation: "ask",
                subject: "the vantage \(site.vantages.first?.name ?? "source"), where it fails",
                cause: "it cannot be reached",
                advice: "Start `ferry-agent vantage` there, and see \"reach\" in the site file."
            )
        }
        var engine = DiagnosisEngine(
            site,
            tier: granted,
            timeScale: scale,
            strategy: strategy,
            seed: seed
        )
        // Whoever cannot be asked is not asked again and again; what it told before counts.
        engine.unreachable = Set(site.vantages.map(\.name)).subtracting(reachable)
        let name = incident ?? "ferry-incident-\(startedAt)".replacingOccurrences(of: ":", with: "")
        let folder = try earlier?.folder ?? IncidentFolder(name, goesOn: false)
        let names = await narration.during("finding the addresses of the site's names") { NameLook(of: site) }
        let addresses = names.addresses[site.suspect.host] ?? []
        let run = DiagnosisRun(
            engine,
            vantages: vantages,
            folder: folder,
            narration: narration,
            others: EarlierDiagnoses(
                of: SuspectIdentity(
                    site.suspect.host,
                    addresses: addresses + (recorded?.all.first?.suspectAddresses ?? [])
                ),
                beside: folder.path,
                within: (site.guards ?? Site.Guards()).longestWait * scale
            ),
            startedAt: startedAt
        )
        if let recorded {
            try run.take(recorded)
        } else {
            if let file = self.site, let text = try? String(contentsOfFile: file, encoding: .utf8) {
                try folder.write(text, as: "site.yaml")
            }
            try await run.take(
                StandingEvidence(
                    site: site,
                    tier: tier ?? DiagnoseCommand.mostTier,
                    captures: captures
                ),
                timeScale: scale,
                looksFromItself: local != nil,
                clocks: await vantages.clockOffsets,
                names: names
            )
            try folder.keep(captures: captures)
        }
        let document = try await confirm == nil ? run.run() : run.confirm()
        await vantages.close()
        return (document, folder, Task.isCancelled)
    }

    /// The folder of an earlier diagnosis, and what it has once nobody else may write to it.
    private func openEarlier(
        _ path: String
    ) throws(FerryError) -> (folder: IncidentFolder, recorded: RecordedEntries) {
        let records = "\(path)/records.jsonl"
        // One that is not there is not made.
        _ = try RecordedIncident.entries(records)
        let folder = try IncidentFolder(path, goesOn: true)
        return (folder, try RecordedIncident.entries(records))
    }

    private func declaredSite() throws(FerryError) -> Site {
        if let site { return try Site(reading: site) }
        var site = try Site(suspect: suspect ?? "", controls: control, speaks: speaks ?? .tcp)
        site.allow = Set(allow)
        return site
    }

    private func finish(_ document: DiagnosisDocument, in folder: IncidentFolder?) throws {
        let text = JSONValue(encoding: document).json
        try folder?.write(text + "\n", as: "diagnosis.json")
        if json {
            print(text)
        } else if lang == .chinese {
            // Without what was measured a report would say that nothing is on record.
            let incident = try (folder?.path ?? replay).map { path throws(FerryError) in
                try Incident(document, recordedIn: path)
            }
            print(Report(incident ?? Incident(document)).text(in: .chinese, as: .markdown), terminator: "")
        } else {
            // Records may be somebody else's.
            print(VisibleText.of(VerdictText(document: document, folder: folder?.path).text, keepsLines: true))
        }
        // What is said at the end comes after it, also where both go to one file.
        fflush(nil)
        if confirm != nil, document.verdict.level != .confirmed {
            throw AnswerIsNo(text: "the remedy is not confirmed: see the last of what was measured")
        }
        switch document.verdict.level {
        case .noVerdict: throw AnswerIsNo(text: "no verdict was reached")
        case .indistinguishable: throw AnswerIsNo(text: "several causes cannot be told apart from here")
        default: return
        }
    }
}

extension ServiceProtocol: ExpressibleByArgument {}
extension Site.Permission: ExpressibleByArgument {}
extension Strategy: ExpressibleByArgument {}
