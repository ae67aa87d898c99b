internal import Dispatch
internal import Glibc

/// Turns SIGTERM and SIGINT into the cancelling of a task.
public enum StopSignals {
    /// Runs `body`, and cancels it when somebody wants the program to stop; whoever asks twice need not wait.
    public static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        let sources = [SIGTERM, SIGINT].map { number in
            // A dispatch source sees the signal only if the default action does not end the program first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                if task.isCancelled { exit(1) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
