internal import FerryAddress

/// An address, a range of them as `203.0.113.0/24`, or a name, as a provider's console writes it.
struct RecordedAddress {
    private let host: CanonicalHost
    /// Bits that count; nil for all of them.
    private let prefix: Int?
    /// Whether it is an address, a range or a name.
    let isOne: Bool

    init(_ written: String) {
        let parts = written.split(separator: "/", omittingEmptySubsequences: false)
        let bits = parts.count == 2 ? Int(parts[1]) : nil
        if let bits, let address = IPAddress(parsing: String(parts[0])), (0...8 * address.bytes.count).contains(bits) {
            host = CanonicalHost(address)
            // An IPv4 address within an IPv6 one keeps its last 32 bits.
            let isMapped = host.address?.bytes.count != address.bytes.count
            prefix = isMapped ? max(0, bits - 96) : bits
            isOne = true
        } else {
            (host, prefix) = (CanonicalHost(written), nil)
            isOne = IPAddress(parsing: written) != nil || RecordedAddress.isName(written)
        }
    }

    /// Whether it is made of what names are made of, with a letter in it.
    private static func isName(_ written: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
        let others = Array("0123456789-._".utf8)
        return written.utf8.contains(where: isLetter)
            && written.utf8.allSatisfy { isLetter($0) || others.contains($0) }
    }

    /// Whether it speaks of `other`.
    func contains(_ other: CanonicalHost) -> Bool {
        guard let prefix else { return other == host }
        guard let own = host.address?.bytes, let its = other.address?.bytes, own.count == its.count else {
            return false
        }
        return own.indices.allSatisfy { index in
            let bits = min(8, max(0, prefix - 8 * index))
            return (own[index] ^ its[index]) >> (8 - bits) == 0
        }
    }

    /// Whether it speaks of one of `others`.
    func contains(anyOf others: Set<CanonicalHost>) -> Bool { others.contains(where: contains) }
}
