internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import FerryProcess
internal import Foundation

/// Evidence that is there before anybody asks: the mover's log, the provider's records, the uplink's monitor.
struct StandingEvidence {
    let site: Site
    let tier: Int
    /// Captures that were made while it failed.
    let captures: [String]

    /// The connections to the suspect in those captures, and which of them are cut off, where; nil if there are none.
    func captured() throws(FerryError) -> (connections: [CapturedConnection], cut: [String])? {
        captures.isEmpty ? nil : try NaturalFailures.read(captures, of: site)
    }

    /// The end of the mover's event log, where what fails now is; nil if none is named.
    func history() throws(FerryError) -> String? {
        guard let path = site.history else { return nil }
        return try text(of: path, "the event log (\"history\" of the site file)", most: StandingEvidence.mostHistory)
    }

    /// A fleet's log grows without end; 8 MiB of it are some ten thousand connections.
    private static let mostHistory = 8 << 20
    private static let mostRecords = 16 << 20
    /// Seconds that whoever asks a console waits for it.
    private static let longestWait = 20.0

    /// The uplink's readings, as CSV; nil if none are named.
    func uplinkText() throws(FerryError) -> String? {
        guard let monitor = site.uplink?.monitor else { return nil }
        guard monitor.hasPrefix("file:") else {
            throw wrong(
                "\(monitor) (\"monitor\" of \"uplink\" in the site file)",
                "it is not file:PATH",
                "Name a CSV file with time,bitsPerSecond."
            )
        }
        return try text(
            of: String(monitor.dropFirst(5)),
            "the uplink's readings (\"monitor\" of \"uplink\" in the site file)",
            most: StandingEvidence.mostHistory
        )
    }

    /// The provider's records; nil below tier 3, and if none are named.
    /// - Parameter isStopped: whether nobody waits for them any more.
    func records(unless isStopped: () -> Bool) throws(FerryError) -> ProviderRecords? {
        guard tier >= 3, let source = site.providerRecords else { return nil }
        if source.hasPrefix("file:") {
            return try ProviderRecords(
                parsing: try wholeText(of: String(source.dropFirst(5)), "the provider's records"),
                from: source
            )
        }
        let words: [String]
        if source.hasPrefix("exec:") {
            words = ["/bin/sh", "-c", String(source.dropFirst(5))]
        } else {
            words = ["curl", "-sSf", "--max-time", "10", source]
        }
        return try ProviderRecords(parsing: try output(of: words, source, unless: isStopped), from: source)
    }

    private func output(
        of words: [String],
        _ source: String,
        unless isStopped: () -> Bool
    ) throws(FerryError) -> String {
        let command = BoundedCommand(
            words: words,
            folder: site.folder,
            most: StandingEvidence.mostRecords,
            seconds: StandingEvidence.longestWait
        )
        switch command.run(unless: isStopped) {
        case .said(let data): return String(decoding: data, as: UTF8.self)
        case .notStarted(let cause): throw wrong(source, cause, "See whether the command is there.")
        case .unfinished:
            throw wrong(
                source,
                "it was not done after \(Int(StandingEvidence.longestWait)) s, or said more than 16 MiB",
                "Run it by hand to see more."
            )
        case .failed(let status):
            throw wrong(source, "it ended with exit status \(status)", "Run it by hand to see more.")
        case .killed(let signal):
            throw wrong(source, "the signal \(signal) ended it", "Run it by hand to see more.")
        }
    }

    /// All of a file that may be as large as records are.
    private func wholeText(of path: String, _ what: String) throws(FerryError) -> String {
        let data: Data
        do {
            let file = try opened(path, what)
            defer { try? file.close() }
            data = try file.read(upToCount: StandingEvidence.mostRecords + 1) ?? Data()
        } catch let error as FerryError {
            throw error
        } catch {
            throw unreadable(what, path, error)
        }
        guard data.count <= StandingEvidence.mostRecords else {
            throw wrong("\(what) \(path)", "it has more than 16 MiB", "Keep in it only what is about the suspect.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// - Parameter most: no more bytes than that, from the end, beginning with a whole line.
    private func text(of path: String, _ what: String, most: Int) throws(FerryError) -> String {
        do {
            let file = try opened(path, what)
            defer { try? file.close() }
            let size = Int(try file.seekToEnd())
            let start = max(0, size - most)
            try file.seek(toOffset: UInt64(start))
            // A log that grows meanwhile, or never ends, is not read to its end.
            let data = try file.read(upToCount: most) ?? Data()
            let text = String(decoding: data, as: UTF8.self)
            guard start > 0, let line = text.firstIndex(of: "\n") else { return text }
            return String(text[text.index(after: line)...])
        } catch let error as FerryError {
            throw error
        } catch {
            throw unreadable(what, path, error)
        }
    }

    /// A file of its own: what somebody has to write to first would keep whoever opens it waiting for ever.
    private func opened(_ path: String, _ what: String) throws -> FileHandle {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw wrong(
                "\(what) at \(path)",
                "it is no ordinary file",
                "Name a file; what a program prints is taken by exec: in the site file."
            )
        }
        return file
    }

    private func unreadable(_ what: String, _ path: String, _ error: any Error) -> FerryError {
        // Foundation's own words leave out why.
        let isReadable = access(path, R_OK) == 0
        return wrong(
            "\(what) at \(path)",
            isReadable ? error.localizedDescription : String(cString: strerror(errno)),
            "Mend its path in the site file, or leave it out."
        )
    }

    private func wrong(_ subject: String, _ cause: String, _ advice: String) -> FerryError {
        FerryError(.evidence, operation: "read", subject: subject, cause: cause, advice: advice)
    }
}
