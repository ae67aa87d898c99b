public import FerryCore
internal import FoundationEssentials

extension UTCTime {
    /// As `2018-06-13T14:00:00Z`: certificates count whole seconds.
    public var toTheSecond: String { "\(description.prefix { $0 != "." })Z" }

    init(_ date: Date) { self.init(microseconds: Int64(date.timeIntervalSince1970.rounded()) * 1_000_000) }

    var date: Date { Date(timeIntervalSince1970: Double(microseconds / 1_000_000)) }

    /// How far a certificate's beginning is set back, for peers whose clock is behind.
    var anHourBefore: UTCTime { UTCTime(microseconds: microseconds - 3600 * 1_000_000) }
}
