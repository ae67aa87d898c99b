internal import Glibc
internal import NIOPosix

/// Turns SIGTERM and SIGINT into the cancelling of a task.
enum StopSignals {
    /// Runs `body`, and cancels it when somebody wants the program to stop.
    static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let waited = set
        let task = Task { try await body() }
        // A thread of its own, because sigwait blocks; the program ends with it waiting.
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { _ in
            var set = waited
            var number: Int32 = 0
            sigwait(&set, &number)
            task.cancel()
            // Whoever asks twice does not want to wait.
            sigwait(&set, &number)
            exit(1)
        }
        try await task.value
    }
}
