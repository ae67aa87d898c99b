internal import FerryAddress
public import FerryCore
internal import FerryEvidence
internal import Foundation

/// The connections that the records of another diagnosis tell of, read as they grow. Of a line only what tells of them is kept,
/// however large the evidence in it is.
public struct EarlierRecords: Sendable {
    private struct Made {
        var plan: ProbePlan
        var at: UTCTime
        var wasKilled = false
        var wasMade = true
    }

    /// When that diagnosis began, as it was written; nil before its first line was read.
    private var startedAt: (text: String, time: UTCTime)?
    private var made: [Made] = []
    /// Which of `made` are the last ones of their names.
    private var numbers: [String: Int] = [:]
    /// Where hosts have led, by what they are called.
    private var addresses: [String: Set<IPAddress>] = [:]
    /// Bytes of the file that were taken, and those of them that whole lines have.
    private var taken: UInt64 = 0
    private var whole: UInt64 = 0
    private var line = EarlierRecords.newLine

    private static let wanted: Set<String> = ["at", "startedAt", "site", "suspectAddresses", "asks", "probes"]
    /// Bytes of one member that is wanted: more than three records of a probe that a vantage may answer with.
    private static let mostOfAMember = 16 << 20
    private static var newLine: MemberExtraction { MemberExtraction(of: wanted, most: mostOfAMember) }
    /// Bytes that are read at a time.
    private static let portion = 256 << 10
    /// Seconds by which a connection may be later than now: somebody may have set the clock.
    private static let leap = 60.0

    /// Nothing read yet.
    public init() {}

    /// Reads what the file `path` has got since it was last read. A line that is being written is read next time.
    public mutating func read(_ path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        do {
            // A shorter file is another one.
            if try file.seekToEnd() < whole { self = EarlierRecords() }
            try file.seek(toOffset: whole)
            (taken, line) = (whole, EarlierRecords.newLine)
            while let data = try file.read(upToCount: EarlierRecords.portion), !data.isEmpty {
                data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in take(bytes) }
            }
        } catch {
            // What cannot be read now may be next time.
        }
    }

    /// Takes bytes of the file, which follow those that were taken before.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            taken += 1
            guard byte == UInt8(ascii: "\n") else {
                line.take(byte)
                continue
            }
            take(line.members)
            line = EarlierRecords.newLine
            whole = taken
        }
    }

    private mutating func take(_ members: [String: [UInt8]]) {
        func value(_ name: String) -> JSONValue? {
            guard let text = members[name] else { return nil }
            return try? JSONValue(parsing: text, from: name)
        }
        guard let at = value("at")?.number, (0...1e9).contains(at) else { return }
        if startedAt == nil, let text = value("startedAt")?.text, let time = UTCTime(parsing: text) {
            startedAt = (text, time)
            if let host = value("site")?["suspect"]?["host"]?.text {
                let led = value("suspectAddresses")?.array ?? []
                addresses[host] = Set(led.compactMap { $0.text.flatMap { IPAddress(parsing: $0) } })
            }
        }
        guard let began = startedAt?.time else { return }
        if let plan = try? value("asks")?.decoded(as: ProbePlan.self, from: "asks") {
            numbers[plan.id] = made.count
            made.append(Made(plan: plan, at: UTCTime(microseconds: began.microseconds + Int64(at * 1e6))))
        }
        for written in value("probes")?.array ?? [] {
            guard let record = try? written.decoded(as: ProbeRecord.self, from: "probes") else { continue }
            addresses[record.plan.host, default: []].formUnion(record.hostAddresses)
            if record.wasNeverMade, let number = numbers[record.plan.id] { made[number].wasMade = false }
            if record.closedBy == .peer, !record.outcome.worked, let number = numbers[record.plan.id] {
                made[number].wasKilled = true
            }
        }
    }

    /// The connections to `suspect`, in the order in which they were made, called by its name.
    /// - Parameters:
    ///   - now: when they are told of.
    ///   - seconds: how old the oldest of them may be.
    public func connections(
        to suspect: SuspectIdentity,
        now: UTCTime,
        within seconds: Double
    ) -> [EarlierConnection] {
        made.compactMap { one -> EarlierConnection? in
            let age = Double(now.microseconds - one.at.microseconds) / 1e6
            guard one.wasMade, age >= -EarlierRecords.leap, age <= seconds,
                suspect.isSame(one.plan.host, addresses[one.plan.host] ?? [])
            else { return nil }
            var plan = one.plan
            plan.host = suspect.host
            return EarlierConnection(
                plan: plan,
                secondsBefore: max(0, age),
                wasKilled: one.wasKilled,
                diagnosis: startedAt?.text
            )
        }
    }
}
