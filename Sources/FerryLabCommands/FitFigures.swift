internal import FerryCore
internal import FerryDiagnosis
internal import FerryLab
internal import Foundation

/// How good weights are.
struct FitFigures {
    private struct One: Sendable {
        var loss: Double?
        var isRight: Bool
        /// What was claimed; nil if nothing was.
        var claim: FerryLab.Calibration.Claim?
    }

    private let all: [One]

    init(_ cases: [FitCase], _ weights: EvidenceWeights) {
        all = FitSearch.each(cases) { FitFigures.one($0, weights) }
    }

    private static func one(_ fitCase: FitCase, _ weights: EvidenceWeights) -> One {
        let (engine, startedAt) = fitCase.diagnosed(weights)
        var one = One(loss: fitCase.loss(weights), isRight: false, claim: nil)
        let document = engine.document(startedAt: startedAt, endedAt: startedAt, seconds: 0)
        let text = JSONValue(encoding: document).json
        guard let verdict = try? Verdict(parsing: text, from: "the engine") else { return one }
        let comparison = TruthComparison(verdict, fitCase.truth, tier: fitCase.tier)
        one.isRight = comparison.remedy
        if verdict.level != .noVerdict {
            let isRight = verdict.level == .indistinguishable ? comparison.holdsTruth : comparison.remedy
            one.claim = Calibration.Claim(confidence: verdict.confidence, isRight: isRight)
        }
        return one
    }

    private var claims: [Calibration.Claim] { all.compactMap(\.claim) }

    var text: String {
        let losses = all.compactMap(\.loss)
        let loss = losses.reduce(0, +) / Double(max(1, losses.count))
        let right = "\(all.count { $0.isRight }) of \(all.count)".padding(toLength: 14, withPad: " ", startingAt: 0)
        let error = Calibration(claims).expectedError ?? 0
        return "\(FitText.number(loss))  \(right)\(FitText.number(error))"
    }

    /// By what the logarithms of the odds of what is claimed would best be multiplied: least log loss.
    var bestSlope: Double {
        let slopes = stride(from: 0.5, through: 1.5, by: 0.05)
        return slopes.min { loss(ofSlope: $0) < loss(ofSlope: $1) } ?? 1
    }

    private func loss(ofSlope slope: Double) -> Double {
        claims.reduce(0) { sum, claim in
            let odds = claim.confidence / (1 - min(0.999, claim.confidence))
            let stretched = pow(odds, slope)
            let confidence = min(0.97, max(0.01, stretched / (1 + stretched)))
            return sum - log(claim.isRight ? confidence : 1 - confidence)
        }
    }
}
