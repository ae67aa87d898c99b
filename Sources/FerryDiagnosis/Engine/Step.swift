/// What a diagnosis wants next.
public enum Step: Sendable, Equatable {
    /// Wait that many seconds, because.
    case wait(Double, why: String)
    /// Make this experiment, because.
    case run(Experiment, why: Reason)
    /// It is done, because.
    case stop(why: String)
}

/// How the next experiment is chosen.
public enum Strategy: String, Sendable, CaseIterable {
    /// By expected gain for the cost: the product's own.
    case gain
    /// Every experiment once, in the catalogue's order: for comparison.
    case battery
    /// In an order drawn by a seed: for comparison.
    case random
}
