internal import Glibc

extension IPAddress {
    /// Reads an address: four decimal numbers with dots, or IPv6 in any of its forms with an optional zone
    /// (`fe80::1%2`, `fe80::1%eth0`). Nil for anything else, also for the shortened and octal forms of IPv4 that the
    /// C library still takes: `010.0.0.1` means two different addresses to two different programs.
    public init?(parsing text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if let word = IPAddress.dotted(bytes[...]) {
            self = .v4(word)
            return
        }
        let percent = bytes.firstIndex(of: UInt8(ascii: "%"))
        guard let (high, low) = IPAddress.colons(Array(bytes[..<(percent ?? bytes.count)])) else { return nil }
        var zone: UInt32 = 0
        if let percent {
            guard let index = IPAddress.zone(String(decoding: bytes[(percent + 1)...], as: UTF8.self)) else {
                return nil
            }
            zone = index
        }
        self = .v6(high: high, low: low, zone: zone)
    }

    private static func dotted(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var word: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                let number = Decimal.number(part), number <= 255
            else { return nil }
            word = word << 8 | UInt32(number)
        }
        return word
    }

    private static func colons(_ text: [UInt8]) -> (high: UInt64, low: UInt64)? {
        let colon = UInt8(ascii: ":")
        var groups: [UInt16] = []
        var gap: Int?
        var index = 0
        if text.starts(with: [colon, colon]) {
            gap = 0
            index = 2
        }
        while index < text.count {
            let end = text[index...].firstIndex(of: colon) ?? text.count
            let part = text[index..<end]
            if part.contains(UInt8(ascii: ".")) {
                guard end == text.count, let word = dotted(part) else { return nil }
                groups += [UInt16(word >> 16), UInt16(truncatingIfNeeded: word)]
                break
            }
            guard (1...4).contains(part.count),
                part.allSatisfy({ $0 < 128 && Character(Unicode.Scalar($0)).isHexDigit }),
                let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
            guard groups.count <= 8 else { return nil }
            if end == text.count { break }
            index = end + 1
            guard index < text.count else { return nil }
            if text[index] == colon {
                guard gap == nil else { return nil }
                gap = groups.count
                index += 1
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let halves = (groups.prefix(4), groups.suffix(4))
        return (halves.0.reduce(0) { $0 << 16 | UInt64($1) }, halves.1.reduce(0) { $0 << 16 | UInt64($1) })
    }

    private static func zone(_ text: String) -> UInt32? {
        if let number = UInt32(text), number > 0 { return number }
        let index = if_nametoindex(text)
        return index == 0 ? nil : index
    }
}
