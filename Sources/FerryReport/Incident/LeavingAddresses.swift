internal import FerryEvidence

/// By which addresses connections leave, as far as somebody outside has seen some of them.
struct LeavingAddresses {
    private var seen: [String: Set<String>] = [:]

    init(_ probes: [ProbeRecord]) {
        for probe in probes {
            guard let key = Self.key(probe), let outside = probe.translatedSource else { continue }
            seen[key, default: []].insert(LaneEvent.parts(of: outside).host)
        }
    }

    /// The address that a probe left by: its own, or the only one that others from the same address were seen to leave by.
    func address(of probe: ProbeRecord) -> String? {
        if let outside = probe.translatedSource { return LaneEvent.parts(of: outside).host }
        guard let known = Self.key(probe).flatMap({ seen[$0] }), known.count == 1 else { return nil }
        return known.first
    }

    private static func key(_ probe: ProbeRecord) -> String? {
        probe.source.map { "\(probe.plan.vantage) \(LaneEvent.parts(of: $0).host)" }
    }
}
