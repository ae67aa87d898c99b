internal import FerryDiagnosis
internal import Foundation
internal import Synchronization

/// The weights with the least mean loss, one number after the other.
struct FitSearch {
    private let cases: [FitCase]
    private var known: [EvidenceWeights: Double] = [:]
    private static let rounds = 2

    init(_ cases: [FitCase]) { self.cases = cases }

    /// - Parameters:
    ///   - start: where it begins.
    ///   - tried: hears of each that was tried, with its mean loss.
    mutating func best(
        from start: EvidenceWeights,
        tried: (EvidenceWeights, Double) -> Void
    ) -> EvidenceWeights {
        var best = start
        var least = loss(best, tried)
        for _ in 0..<FitSearch.rounds {
            for number in [\EvidenceWeights.temper, \.repeats, \.related, \.history] {
                for value in [0.35, 0.5, 0.65, 0.75, 0.85, 1] {
                    var weights = best
                    weights[keyPath: number] = value
                    let loss = loss(weights, tried)
                    // A difference of less is no reason to move.
                    if loss < least - 0.001 { (best, least) = (weights, loss) }
                }
            }
        }
        return best
    }

    private mutating func loss(_ weights: EvidenceWeights, _ tried: (EvidenceWeights, Double) -> Void) -> Double {
        if let loss = known[weights] { return loss }
        let losses = FitSearch.each(cases) { $0.loss(weights) }.compactMap { $0 }
        let mean = losses.reduce(0, +) / Double(max(1, losses.count))
        known[weights] = mean
        tried(weights, mean)
        return mean
    }

    /// What `body` makes of each case, on all processors, in order.
    static func each<Value: Sendable>(_ cases: [FitCase], _ body: @Sendable (FitCase) -> Value) -> [Value] {
        let values = Mutex<[Int: Value]>([:])
        DispatchQueue.concurrentPerform(iterations: cases.count) { index in
            let value = body(cases[index])
            values.withLock { $0[index] = value }
        }
        return values.withLock { values in cases.indices.compactMap { values[$0] } }
    }
}
