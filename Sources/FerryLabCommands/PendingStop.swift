internal import Glibc

/// SIGINT and SIGTERM of a command that looks by itself whether somebody wants it to stop, so that it can clean up.
enum PendingStop {
    /// Keeps both from ending the program. Call before any thread is made: threads take that over.
    static func begin() {
        var signals = both
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Whether one of them came.
    static var isWanted: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
    }

    private static var both: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }
}
