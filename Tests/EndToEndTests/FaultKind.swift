/// What the random fault test does to a move.
enum FaultKind: String, CaseIterable {
    case agentKilled
    case stagingKilled
    case bothKilled
    case resetFromAgent
    case resetFromStaging
    case bitFlippedFromAgent
    case bitFlippedFromStaging
    case oneOfTwoLanesCutAgainAndAgain
    case silence
    case bitFlippedInVolumeMeanwhile
    case bitFlippedInVolumeBetweenPasses
    case bitFlippedInState
    case stateCutShort
    case stateFileLost
    case stateLost
    case olderState
    case olderStagingData
    case onlyChangedOnDisk

    /// One move in so many begins with silence, which is noticed only after twenty seconds.
    private static let movesForOneSilence = 10

    /// `count` faults in random order, all kinds about equally often.
    static func sequence(_ count: Int, using generator: inout SeededGenerator) -> [FaultKind] {
        var kinds = allCases.filter { $0 != .silence }.shuffled(using: &generator)
        if Int.random(in: 0..<movesForOneSilence, using: &generator) == 0 { kinds[0] = .silence }
        return Array(kinds.prefix(count))
    }
}
