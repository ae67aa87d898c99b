internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import Foundation

extension ErrorCode {
    /// A diagnosis' folder cannot be written to or read.
    static let incident = ErrorCode("diagnose.incident", .failure)
    /// A diagnosis' folder is another one's.
    static let incidentInUse = ErrorCode("diagnose.incident-in-use", .input)
}

/// The folder that a diagnosis leaves: what was measured as it was measured, and the answer. Written as it goes on, so that one
/// that is interrupted leaves what it has seen.
struct IncidentFolder: Sendable {
    let path: String
    private let records: FileHandle

    /// Makes the folder `path`, or goes on in it. Nobody else may write to it meanwhile.
    /// - Throws: `FerryError` with `ErrorCode.incident`, and `.incidentInUse` if it has another diagnosis' records.
    init(_ path: String, goesOn: Bool) throws(FerryError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            // Made if it is not there, in one step: what another diagnosis has made meanwhile keeps what it has.
            let descriptor = open("\(path)/records.jsonl", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
            records = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        } catch {
            throw IncidentFolder.failed(path, error)
        }
        // Before anything of it is changed: a line that somebody else is writing is not one that was cut off.
        guard flock(records.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw IncidentFolder.inUse(path, "another diagnosis is writing to it")
        }
        do {
            // A line that was cut off when the last diagnosis ended says nothing; what follows it has to be readable.
            let data = try records.readToEnd() ?? Data()
            let whole =
                data.lastIndex(of: UInt8(ascii: "\n")).map { data.distance(from: data.startIndex, to: $0) + 1 } ?? 0
            try records.truncate(atOffset: UInt64(whole))
            try records.seekToEnd()
            synchronize(folder: path)
        } catch {
            throw IncidentFolder.failed(path, error)
        }
        if !goesOn, (try? records.offset()) ?? 0 > 0 {
            throw IncidentFolder.inUse(path, "it has the records of another diagnosis")
        }
    }

    /// Appends a record and sees to it that it is on disk.
    func append(_ entry: IncidentEntry) throws(FerryError) {
        do {
            try records.write(contentsOf: Data((JSONValue(encoding: entry).json + "\n").utf8))
            try records.synchronize()
        } catch {
            throw IncidentFolder.failed(path, error)
        }
    }

    /// Keeps captures beside the records, for the report: those that it would read.
    func keep(captures: [String]) throws(FerryError) {
        for (index, capture) in captures.enumerated() {
            let size = (try? FileManager.default.attributesOfItem(atPath: capture)[.size] as? Int) ?? 0
            guard size > 0, size <= IncidentFolder.mostOfACapture else { continue }
            let suffix = capture.hasSuffix(".pcapng") ? "pcapng" : "pcap"
            let copy = "\(path)/capture-\(index + 1).\(suffix)"
            do {
                if FileManager.default.fileExists(atPath: copy) { try FileManager.default.removeItem(atPath: copy) }
                try FileManager.default.copyItem(atPath: capture, toPath: copy)
            } catch {
                throw IncidentFolder.failed(path, error)
            }
        }
    }

    /// Bytes; a report reads no more.
    private static let mostOfACapture = 256 << 20

    /// Writes a whole file beside it.
    func write(_ text: String, as name: String) throws(FerryError) {
        do {
            let (file, new) = ("\(path)/\(name)", "\(path)/.\(name).new")
            _ = FileManager.default.createFile(atPath: new, contents: nil)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: new))
            try handle.write(contentsOf: Data(text.utf8))
            try handle.synchronize()
            try handle.close()
            guard rename(new, file) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
            synchronize(folder: path)
        } catch {
            throw IncidentFolder.failed(path, error)
        }
    }

    /// A name is on disk once its folder is.
    private func synchronize(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func inUse(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .incidentInUse,
            operation: "use",
            subject: "the incident's folder \(path)",
            cause: cause,
            advice: "Name another with --incident, or go on with it by --continue."
        )
    }

    private static func failed(_ path: String, _ error: any Error) -> FerryError {
        let number = errorNumber(of: error)
        return FerryError(
            .incident,
            operation: "write to",
            subject: "the incident's folder \(path)",
            cause: number.map { String(cString: strerror($0)) } ?? error.localizedDescription,
            advice: [ENOSPC, EDQUOT].contains(number)
                ? "Make room there, or choose another with --incident."
                : "See whether you may write there, or choose another with --incident."
        )
    }

    /// That of the call that failed; Foundation's own words leave out most of them.
    private static func errorNumber(of error: any Error) -> Int32? {
        let whole = error as NSError
        let cause = (whole.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? whole
        return cause.domain == NSPOSIXErrorDomain ? Int32(cause.code) : nil
    }
}
