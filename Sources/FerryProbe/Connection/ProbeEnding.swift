/// Why a probe's connection did not go on.
enum ProbeEnding: Error, Equatable {
    /// The peer's end closed.
    case closed
    /// A call failed with this error number.
    case failed(Int32)
    /// No answer in its time.
    case silence
    /// What was sent is not acknowledged.
    case stall
    /// The time for all of it is over.
    case limit
    /// The service says that it will not.
    case refusal
    /// Nobody wants to know any more.
    case stopped
}
