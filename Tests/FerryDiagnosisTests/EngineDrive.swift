import FerryEvidence

@testable import FerryDiagnosis

extension DiagnosisEngine {
    /// Makes what it chooses, on a clock of its own.
    /// - Parameter answer: what comes of an experiment; nil ends it.
    /// - Returns: why the engine has stopped; nil if it was ended.
    @discardableResult
    mutating func drive(_ answer: (Experiment) throws -> ExperimentResult?) rethrows -> String? {
        var now = 0.0
        for _ in 0..<500 {
            switch next(at: now) {
            case .stop(let why): return why
            case .wait(let seconds, _): now += seconds
            case .run(let experiment, let why):
                guard let result = try answer(experiment) else { return nil }
                take(result, of: experiment, why: why, at: now)
                now += 3
            }
        }
        return "it does not stop"
    }
}
