internal import Foundation

/// From the model's probability to what is said.
enum Calibration {
    /// Confidence in what nobody has seen is capped: families of devices exist that the scenarios do not have.
    static let cap = 0.97

    /// By what the logarithm of the odds is multiplied. `ferry-lab fit` finds the best one; while it is within 0.1 of 1, it is 1.
    static let slope = 1.0

    /// What is said for a probability of `share`.
    static func confidence(_ share: Double) -> Double { min(cap, max(0.01, stretched(share, by: slope))) }

    /// The probability whose odds are those of `share` to the power of `slope`: the scaling of Platt, without a shift.
    static func stretched(_ share: Double, by slope: Double) -> Double {
        let share = min(max(share, 1e-6), 1 - 1e-6)
        return 1 / (1 + exp(-slope * log(share / (1 - share))))
    }
}
