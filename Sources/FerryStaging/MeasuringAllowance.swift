internal import FerryCore
internal import FerryWire
internal import NIOCore

/// How many bytes each agent may send to have them thrown away: no more than a few pre-checks need, so that measuring
/// cannot take the link from those who replicate.
struct MeasuringAllowance {
    /// What an agent may measure in one minute: four endpoints.
    static let bytesPerMinute = 4 * Measure.mostFiller.int
    /// What a message costs at least, however short it is.
    static let leastCost = 1024

    private var accounts: [AgentName: MinuteAllowance] = [:]

    /// Takes `bytes` out of the allowance of `agent`; false if there is not so much left.
    mutating func take(_ bytes: Int, for agent: AgentName, at now: NIODeadline) -> Bool {
        accounts[agent, default: MinuteAllowance(MeasuringAllowance.bytesPerMinute, at: now)]
            .take(max(bytes, MeasuringAllowance.leastCost), at: now)
    }
}
