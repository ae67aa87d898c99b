internal import FerryEvidence

/// Pieces of evidence that say the same of several records.
struct EvidenceGroup {
    /// The first of them, which says it.
    let first: DiagnosisDocument.Evidence
    /// The names of all.
    private(set) var ids: [String]
    /// Causes that they speak for.
    private(set) var `for`: [String]
    /// Causes that they speak against.
    private(set) var against: [String]
    /// The records that they rest on.
    private(set) var records: [String]

    /// Under which name they stand.
    var id: String { first.id }

    private init(_ one: DiagnosisDocument.Evidence) {
        first = one
        ids = []
        self.for = []
        against = []
        records = []
    }

    private mutating func add(_ one: DiagnosisDocument.Evidence) {
        func union(_ left: [String], _ right: [String]) -> [String] { left + right.filter { !left.contains($0) } }
        ids.append(one.id)
        self.for = union(self.for, one.for)
        against = union(against, one.against)
        if let record = one.record { records = union(records, [record]) }
    }

    /// All pieces, those that say the same together, in the order of the first of each.
    static func all(of evidence: [DiagnosisDocument.Evidence]) -> [EvidenceGroup] {
        var groups: [EvidenceGroup] = []
        var places: [String: Int] = [:]
        for one in evidence {
            let place = places[one.says] ?? groups.count
            if place == groups.count { groups.append(EvidenceGroup(one)) }
            places[one.says] = place
            groups[place].add(one)
        }
        return groups
    }
}
