/// What a diagnosis wants next.
public enum Step: Sendable, Equatable {
    /// Wait that many seconds, because.
    case wait(Double, why: String)
    /// Make this experiment, because.
    case run(Experiment, why: Reason)
    /// It is done, because.
    case stop(why: String)
}
