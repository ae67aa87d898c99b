internal import FerryCore

/// What of the provider's records depends on when they were asked for, and on when it failed.
extension DiagnosisEngine {
    /// Of when records have to be, or later, for what is not in them to be evidence.
    /// - Parameter now: when they were asked for. What fails afterwards they cannot tell of, so that a failure which this
    ///   diagnosis sees itself may be somewhat younger.
    func momentToCover(_ now: UTCTime) -> UTCTime {
        let age = LikelihoodTable.Provider.recordMinutes * scene.minute
        return now.later(by: [scene.lastFailure, failedAt.map { $0 - age }].compactMap { $0 }.max() ?? -age)
    }

    /// Judges whether the failing source is let pass, by the addresses that it leaves by, else by its own.
    mutating func judgeAllowlist(of records: ProviderRecords, now: UTCTime) {
        let leaving = leavingAddresses.isEmpty ? localAddresses : leavingAddresses
        guard let allowance = records.allowance(of: leaving) else { return }
        let acts = allowance.effective.later(by: LikelihoodTable.Provider.allowlistMinutes * scene.minute)
        let failure = [scene.lastFailure, failedAt].compactMap { $0 }.max().map { now.later(by: $0) }
        if let failure, failure >= acts {
            return takeRecorded(.isAllowlisted(source: allowance.source, since: allowance.effective))
        }
        notes.append(acts > now ? DiagnosisEngine.pending(allowance, acts) : DiagnosisEngine.untried(allowance))
    }

    private static func pending(_ allowance: (source: String, effective: UTCTime), _ acts: UTCTime) -> Note {
        Note(
            kind: "provider-record",
            says:
                "The provider's allowlist has \(allowance.source) from \(allowance.effective) on, and may take until \(acts) to act: what fails before then says nothing of it.",
            arguments: ["allowlisted-from", allowance.source, "\(allowance.effective)", "\(acts)"],
            findings: []
        )
    }

    /// What failed before and works now may well have been a block.
    private static func untried(_ allowance: (source: String, effective: UTCTime)) -> Note {
        Note(
            kind: "provider-record",
            says:
                "The provider's allowlist has \(allowance.source) since \(allowance.effective), and nothing was seen to fail since it acts: what failed before may have been a block.",
            arguments: ["allowlisted-since", allowance.source, "\(allowance.effective)"],
            findings: []
        )
    }
}

extension UTCTime {
    /// The moment `seconds` after this one; before it, if they are negative.
    fileprivate func later(by seconds: Double) -> UTCTime {
        UTCTime(microseconds: microseconds + Int64((seconds.clamped(to: -1e12...1e12) * 1e6).rounded()))
    }
}
