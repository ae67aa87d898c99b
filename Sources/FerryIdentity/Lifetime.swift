public import FerryCore

/// How long a certificate is good for, in whole days.
public struct Lifetime: Hashable, Sendable, CustomStringConvertible {
    /// The number of days.
    public let days: Int

    /// What an identity gets unless told otherwise: long enough for a migration, short enough to need no revocation.
    public static let usual = Lifetime(wholeDays: 30)
    /// What an authority gets.
    static let authority = Lifetime(wholeDays: 3650)
    /// What a proof key gets: a proof is looked at long after the move.
    static let proof = Lifetime(wholeDays: 1826)

    /// A lifetime of `days` days, from 1 to 3650.
    /// - Throws: `FerryError` with `ErrorCode.identityBadLifetime`.
    public init(days: Int) throws(FerryError) {
        guard (1...3650).contains(days) else {
            throw FerryError(
                .identityBadLifetime,
                operation: "issue a certificate for",
                subject: "\(days) days",
                cause: "a certificate is good for 1 to 3650 days",
                advice: "Leave --days out for \(Lifetime.usual)."
            )
        }
        self.days = days
    }

    init(wholeDays: Int) { days = wholeDays }

    /// The length with its unit, as `30 days`.
    public var description: String { days == 1 ? "1 day" : "\(days) days" }

    func after(_ time: UTCTime) -> UTCTime {
        UTCTime(microseconds: time.microseconds + Int64(days) * 86400 * 1_000_000)
    }
}
