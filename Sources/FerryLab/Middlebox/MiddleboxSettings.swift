internal import FerryCore

/// A middlebox that a fault puts on a line.
enum MiddleboxSettings: Sendable, Equatable {
    case policy(AntiAbusePolicy.Settings)
    case injector(Injector.Settings)
    case sessions(SessionTable.Settings)
    case sourceCheck(SourceCheck.Settings)
    case answerer(HandshakeAnswerer.Settings)
    case stripper(OptionStripper.Settings)
    case flowShaper(FlowShaper.Settings)
    case scrubbing(ScrubbingCap.Settings)
    case outage(Outage.Settings)

    /// The middlebox, which has seen nothing yet.
    /// - Parameter ledger: the cloud's, for those that are the cloud's.
    func make(_ ledger: CloudLedger) -> any Middlebox {
        switch self {
        case .policy(let settings): AntiAbusePolicy(settings, ledger)
        case .injector(let settings): Injector(settings)
        case .sessions(let settings): SessionTable(settings)
        case .sourceCheck(let settings): SourceCheck(settings)
        case .answerer(let settings): HandshakeAnswerer(settings)
        case .stripper(let settings): OptionStripper(settings)
        case .flowShaper(let settings): FlowShaper(settings)
        case .scrubbing(let settings): ScrubbingCap(settings, ledger)
        case .outage(let settings): Outage(settings, at: MonotonicClock.now())
        }
    }
}
