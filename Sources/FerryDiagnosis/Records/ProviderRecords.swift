public import FerryAddress
public import FerryCore

/// What the provider's console tells, in the fixed shape of docs/specs/diagnosis.md.
public struct ProviderRecords: Codable, Sendable, Equatable {
    /// A block of its security policy.
    public struct Block: Codable, Sendable, Equatable {
        /// The address that is blocked.
        public var source: String
        /// The destination; nil for any.
        public var destination: String?
        /// The port; nil for any.
        public var port: UInt16?
        /// What is done to packets: `drop`, `reset`, `close`.
        public var action: String?
        /// The policy's name.
        public var policy: String?
        /// Since when, RFC 3339.
        public var since: String?
        /// Until when; nil if not known.
        public var until: String?
    }

    /// Something that is done to a destination.
    public struct Measure: Codable, Sendable, Equatable {
        /// The destination.
        public var destination: String
        /// Since when.
        public var since: String?
        /// Until when; nil if it goes on.
        public var until: String?
        /// The threshold of scrubbing, as `180Mbit/s`.
        public var threshold: String?
    }

    /// An address that is let pass.
    public struct Allowance: Codable, Sendable, Equatable {
        /// The address.
        public var source: String
        /// From when on.
        public var effective: String?
    }

    /// When it was asked for.
    public var asOf: String?
    /// Whether what is not in it is not so.
    public var complete: Bool?
    /// Blocks.
    public var blocks: [Block]?
    /// Scrubbing.
    public var scrubbing: [Measure]?
    /// Black holes.
    public var blackHoles: [Measure]?
    /// The allowlist.
    public var allowlist: [Allowance]?

    /// Keys that records do not have, and addresses that are none, as they are written, the first hundred; nil if there are
    /// none.
    public var notUnderstood: [String]?

    /// Reads them.
    /// - Throws: `FerryError` with `ErrorCode.badJSON`.
    public init(parsing text: String, from source: String) throws(FerryError) {
        let value = try JSONValue(parsing: text, from: source)
        self = try value.decoded(as: ProviderRecords.self, from: source)
        let strange = ProviderRecords.unknownKeys(of: value) + impossibleAddresses
        notUnderstood =
            strange.isEmpty
            ? nil : strange.prefix(ProviderRecords.mostNotUnderstood).map { VisibleText.of($0, most: 40) }
    }

    private static let keys = ["asOf", "complete", "blocks", "scrubbing", "blackHoles", "allowlist"]
    private static let keysOfEntries = [
        "blocks": ["source", "destination", "port", "action", "policy", "since", "until"],
        "scrubbing": ["destination", "since", "until", "threshold"], "blackHoles": ["destination", "since", "until"],
        "allowlist": ["source", "effective"],
    ]

    /// As many as somebody reads: what a console sends is a stranger's, and may be long.
    private static let mostNotUnderstood = 100

    private static func unknownKeys(of value: JSONValue) -> [String] {
        guard case .object(let members) = value else { return [] }
        var unknown = members.map(\.name).filter { !keys.contains($0) }
        for member in members {
            guard let known = keysOfEntries[member.name] else { continue }
            var names: Set<String> = []
            for case .object(let entry) in member.value.array ?? [] {
                names.formUnion(entry.map(\.name).filter { !known.contains($0) })
            }
            unknown += names.sorted().map { "\($0) of \(member.name)" }
        }
        return unknown
    }

    private var impossibleAddresses: [String] {
        let measures = (scrubbing ?? []) + (blackHoles ?? [])
        let written =
            (blocks ?? []).flatMap { [$0.source, $0.destination] } + measures.map(\.destination)
            + (allowlist ?? []).map(\.source)
        return written.compactMap { $0 }.filter { !RecordedAddress($0).isOne }
    }

    /// Times that are none, by their names: the first of each name, and how many there are.
    var impossibleTimes: [(name: String, written: String, count: Int)] {
        let measures = (scrubbing ?? []) + (blackHoles ?? [])
        let times =
            [("asOf", asOf)] + (blocks ?? []).flatMap { [("since", $0.since), ("until", $0.until)] }
            + measures.flatMap { [("since", $0.since), ("until", $0.until)] }
            + (allowlist ?? []).map { ("effective", $0.effective) }
        var found: [(name: String, written: String, count: Int)] = []
        for (name, written) in times {
            guard let written, UTCTime(parsing: written) == nil else { continue }
            if let index = found.firstIndex(where: { $0.name == name }) {
                found[index].count += 1
            } else {
                found.append((name, VisibleText.of(written, most: 40), 1))
            }
        }
        return found
    }

    /// What they say of the connections from `sources` to `hosts` at `port`. Ranges as `203.0.113.0/24` speak of all in them.
    /// - Parameters:
    ///   - sources: the failing source's addresses, as far as known.
    ///   - areAll: whether it cannot have another one: a block of somebody else is then no news.
    ///   - hosts: what the suspect's host is called.
    ///   - now: measures that ended before are passed over.
    ///   - moment: of which they have to be, or later, for what is not in them to be no accident.
    public func finding(
        sources: Set<CanonicalHost>,
        areAll: Bool,
        hosts: Set<CanonicalHost>,
        port: UInt16,
        now: UTCTime,
        covering moment: UTCTime
    ) -> Finding.ProviderFinding {
        func holds(_ until: String?) -> Bool { until.flatMap { UTCTime(parsing: $0) }.map { $0 > now } ?? true }
        func isHere(_ destination: String) -> Bool { RecordedAddress(destination).contains(anyOf: hosts) }
        let here = (blocks ?? []).filter { holds($0.until) && ($0.destination.map(isHere) ?? true) }
        let blocks = here.filter { RecordedAddress($0.source).contains(anyOf: sources) }
        if blocks.contains(where: { $0.port == port }) { return .blocksKey }
        if blocks.contains(where: { $0.port == nil }) { return .blocksSource }
        if (blackHoles ?? []).contains(where: { isHere($0.destination) && holds($0.until) }) { return .blackHole }
        if (scrubbing ?? []).contains(where: { isHere($0.destination) && holds($0.until) }) { return .scrubs }
        if !areAll, here.contains(where: { ($0.port ?? port) == port }) { return .blocksSomebody }
        // Records know addresses; of a name that has led nowhere they can tell nothing.
        guard complete == true, notUnderstood == nil, hosts.contains(where: { $0.address != nil }) else {
            return .nothingKnown
        }
        return isOf(moment) ? .nothing : .outdated
    }

    /// Whether they are as of `moment` or later; who does not say of when they are is taken to give those of now.
    private func isOf(_ moment: UTCTime) -> Bool {
        guard let asOf else { return true }
        return UTCTime(parsing: asOf).map { $0 >= moment } ?? false
    }
}
