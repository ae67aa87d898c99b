/// From the model's probability to what is said.
enum Calibration {
    /// Confidence in what nobody has seen is capped: families of devices exist that the scenarios do not have.
    static let cap = 0.97

    /// What is said for a probability of `share`.
    static func confidence(_ share: Double) -> Double { min(cap, max(0.01, share)) }
}
