/// Whether confidences can be believed: claims, each with how likely it was said to be and whether it was right.
public struct Calibration: Sendable, Equatable {
    /// One claim.
    public struct Claim: Sendable, Equatable {
        /// 0 to 1.
        public var confidence: Double
        /// Whether it was right.
        public var isRight: Bool

        /// A claim.
        public init(confidence: Double, isRight: Bool) {
            self.confidence = confidence
            self.isRight = isRight
        }
    }

    private let claims: [Claim]

    /// Looks at `claims`.
    public init(_ claims: [Claim]) { self.claims = claims }

    /// The mean square of confidence less outcome: 0 is perfect, 0.25 what always saying one half earns, 1 the worst; nil
    /// without claims. Brier, "Verification of forecasts expressed in terms of probability", 1950, in its form for two
    /// outcomes.
    public var brier: Double? {
        claims.isEmpty
            ? nil
            : claims.reduce(0) { sum, claim in
                let error = claim.confidence - (claim.isRight ? 1 : 0)
                return sum + error * error
            } / Double(claims.count)
    }

    /// The expected calibration error over ten bins of equal width: in each, how far the mean confidence is from the share
    /// that was right, weighted by how many fell into it; 0 is perfect; nil without claims. Naeini, Cooper and Hauskrecht,
    /// "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
    public var expectedError: Double? {
        guard !claims.isEmpty else { return nil }
        let bins = Dictionary(grouping: claims) { min(9, Int($0.confidence * 10)) }
        return bins.values.reduce(0) { sum, bin in
            let said = bin.reduce(0) { $0 + $1.confidence }
            let right = Double(bin.count { $0.isRight })
            return sum + abs(said - right)
        } / Double(claims.count)
    }
}
