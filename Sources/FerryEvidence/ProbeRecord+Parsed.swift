internal import FerryAddress
public import FerryCore

extension ProbeRecord {
    /// The same without what ought to be an endpoint and is none, and with `time` for a `startedAt` that is no time: the record is
    /// somebody else's, and these reach tickets as they are.
    public func parsed(otherwiseAt time: UTCTime) -> ProbeRecord {
        func endpoint(_ text: String?) -> String? { text.flatMap { IPEndpoint(parsing: $0) == nil ? nil : $0 } }
        var record = self
        if UTCTime(parsing: startedAt) == nil { record.startedAt = "\(time)" }
        record.source = endpoint(source)
        record.translatedSource = endpoint(translatedSource)
        record.destination = endpoint(destination)
        return record
    }
}
