internal import FerryProcess
internal import Glibc

extension ChildProgram {
    /// Waits until it ends, at most for `limit`; then it is asked to end, and killed if it has not after 5 s.
    /// - Returns: its exit status, nil if a signal ended it; and whether that was for the time.
    func wait(atMost limit: Duration) -> (status: Int32?, isLate: Bool) {
        let end = ContinuousClock.now + limit
        var isAsked = false
        var isKilled = false
        let status = wait {
            if !isAsked, ContinuousClock.now > end {
                isAsked = true
                terminate()
            } else if isAsked, !isKilled, ContinuousClock.now > end + .seconds(5) {
                isKilled = true
                kill(process, SIGKILL)
            }
        }
        return (status, isAsked)
    }
}
