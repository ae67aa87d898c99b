internal import Dispatch

/// What a thread hands to the one that waits for it.
///
/// @unchecked Sendable: the value is written once, before the semaphore is signalled, and read after.
final class ThreadOutcome<Value: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var value: Value?

    /// Hands `value` over. Call once.
    func set(_ value: Value) {
        self.value = value
        done.signal()
    }

    /// Waits for the value. Call once.
    func wait() -> Value {
        done.wait()
        guard let value else { preconditionFailure("signalled without a value") }
        return value
    }
}
