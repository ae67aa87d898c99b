internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns SIGTERM and SIGINT into the cancelling of a task.
public enum StopSignals {
    /// Runs `body`, and cancels it when somebody wants the program to stop; whoever asks twice need not wait.
    public static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let numbers = [SIGTERM, SIGINT]
        let (registered, registrations) = AsyncStream<Void>.makeStream()
        let task = Task {
            // Until a source is registered, its signal ends the program: who has said a word can be stopped in order.
            var sources = registered.makeAsyncIterator()
            for _ in numbers { await sources.next() }
            return try await body()
        }
        let asked = Mutex<ContinuousClock.Instant?>(nil)
        // Of its own, so that work that fills the threads of everybody does not keep a stop waiting.
        let queue = DispatchQueue(label: "ferry.stop-signals")
        let sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setRegistrationHandler { registrations.yield() }
            source.setEventHandler {
                // Whoever forwards signals to a group of processes gives some of them twice.
                let isAgain = asked.withLock { asked in
                    defer { asked = asked ?? .now }
                    return asked.map { .now - $0 > .milliseconds(500) } ?? false
                }
                if isAgain { _exit(1) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
