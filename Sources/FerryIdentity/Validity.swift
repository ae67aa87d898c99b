internal import FerryCore

/// From when to when, both included.
struct Validity: Sendable {
    let from: UTCTime
    let to: UTCTime

    /// Whether a week or less is left, or a quarter of a life shorter than four weeks.
    func endsSoon(at time: UTCTime) -> Bool {
        let week = Lifetime(wholeDays: 7).after(from).microseconds - from.microseconds
        let left = to.microseconds - time.microseconds
        return left <= min(week, (to.microseconds - from.microseconds) / 4)
    }

    /// Throws unless `time` is inside; the error has both times.
    func check(_ subject: String, at time: UTCTime, advice: String) throws(FerryError) {
        if time < from {
            throw FerryError(
                .identityNotYetValid,
                operation: "use",
                subject: subject,
                cause: "it is valid from \(from.toTheSecond), and the time is \(time.toTheSecond)",
                advice: "Set the clock: it is behind, or the one that issued the certificate was ahead.",
                retry: .later
            )
        }
        if to < time {
            throw FerryError(
                .identityExpired,
                operation: "use",
                subject: subject,
                cause: "it expired at \(to.toTheSecond), and the time is \(time.toTheSecond)",
                advice: advice
            )
        }
    }
}

extension AuthorityCertificate {
    var validity: Validity { Validity(from: notBefore, to: notAfter) }
}
