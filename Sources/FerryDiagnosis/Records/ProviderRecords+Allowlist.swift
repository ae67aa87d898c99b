internal import FerryAddress
internal import FerryCore

extension ProviderRecords {
    /// From when on all of `addresses` are let pass, and the one that is so last; nil if one of them is not on the allowlist, or
    /// without a time: what leaves by several addresses is blocked by any of them.
    func allowance(of addresses: Set<String>) -> (source: String, effective: UTCTime)? {
        var last: (source: String, effective: UTCTime)?
        for address in addresses.sorted() {
            let times = (allowlist ?? []).filter { RecordedAddress($0.source).contains(CanonicalHost(address)) }
                .compactMap(\.effective)
            guard let effective = times.compactMap({ UTCTime(parsing: $0) }).min() else { return nil }
            if last.map({ effective > $0.effective }) ?? true { last = (address, effective) }
        }
        return last
    }
}
