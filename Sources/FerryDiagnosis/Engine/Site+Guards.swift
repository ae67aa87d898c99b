public import FerryEvidence

extension Site.Guards {
    /// The longest that they keep a suspect from being connected to, in seconds before the time scale.
    public var longestWait: Double {
        let limits = inRange
        return Double(
            max(600, limits.secondsBetweenConnects, limits.secondsAfterKill << FerryDiagnosis.Guards.mostDoublings)
        )
    }

    /// The same within what a site file may say: the site of a record that is replayed may be anybody's.
    var inRange: Site.Guards {
        var limits = self
        limits.secondsBetweenConnects = secondsBetweenConnects.clamped(to: Site.Guards.secondsRange)
        limits.connectsPerTenMinutes = connectsPerTenMinutes.clamped(to: Site.Guards.connectsRange)
        limits.secondsAfterKill = secondsAfterKill.clamped(to: Site.Guards.secondsRange)
        return limits
    }

    /// What is to be told of them: that they are looser than the usual ones; nil if they are not.
    var note: DiagnosisEngine.Note? {
        let (limits, usual) = (inRange, Site.Guards())
        let isLooser =
            limits.secondsBetweenConnects < usual.secondsBetweenConnects
            || limits.connectsPerTenMinutes > usual.connectsPerTenMinutes
            || limits.secondsAfterKill < usual.secondsAfterKill
        guard isLooser else { return nil }
        let (between, connects, afterKill) = (
            limits.secondsBetweenConnects, limits.connectsPerTenMinutes, limits.secondsAfterKill
        )
        return DiagnosisEngine.Note(
            kind: "guards",
            says:
                "The site file loosens the guards, so that asking may keep a block alive: \(between) s between connections to the suspect (usually \(usual.secondsBetweenConnects) s), at most \(connects) in ten minutes (usually \(usual.connectsPerTenMinutes)), \(afterKill) s after one was killed (usually \(usual.secondsAfterKill) s).",
            arguments: ["\(between)", "\(connects)", "\(afterKill)"],
            findings: []
        )
    }
}
