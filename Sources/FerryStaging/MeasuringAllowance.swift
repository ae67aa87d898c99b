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

    private var accounts: [AgentName: (bytes: Double, at: NIODeadline)] = [:]

    /// Takes `bytes` out of the allowance of `agent`; false if there is not so much left.
    mutating func take(_ bytes: Int, for agent: AgentName, at now: NIODeadline) -> Bool {
        let most = Double(MeasuringAllowance.bytesPerMinute)
        let account = accounts[agent] ?? (most, now)
        let refill = Double((now - account.at).nanoseconds) / 60e9 * most
        let left = min(most, account.bytes + max(0, refill)) - Double(max(bytes, MeasuringAllowance.leastCost))
        guard left >= 0 else { return false }
        accounts[agent] = (left, now)
        return true
    }
}
