public import FerryCore

/// A host name, as a list of labels.
public struct DomainName: Hashable, Sendable {
    /// The labels in lower case, each with its length before it, as they travel in a packet; ends with a zero byte.
    package let wire: [UInt8]
    /// Whether the name was written with a dot at its end: then no search domain is tried.
    public let isAbsolute: Bool

    /// The longest name a packet can carry, in bytes.
    package static let longest = 255

    /// A name of labels as they travel.
    package init(wire: [UInt8], isAbsolute: Bool) {
        self.wire = wire
        self.isAbsolute = isAbsolute
    }

    /// Reads a host name: labels of 1 to 63 letters, digits, hyphens and underscores, with dots between them.
    ///
    /// A name that ends in a number is refused, because it is an address with a mistake in it.
    /// - Throws: `FerryError` with `ErrorCode.badHostName`.
    public init(parsing text: String) throws(FerryError) {
        var bytes = Array(text.utf8)
        isAbsolute = bytes.count > 1 && bytes.last == UInt8(ascii: ".")
        if isAbsolute { bytes.removeLast() }
        var wire: [UInt8] = []
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count) else {
                throw .badHostName(text, "each part between two dots has 1 to 63 characters")
            }
            guard label.allSatisfy({ DomainName.isAllowed($0) }) else {
                let hint = text.utf8.allSatisfy { $0 < 128 } ? "" : "; write an international name in its xn-- form"
                throw .badHostName(text, "a host name has only letters, digits, hyphens and underscores\(hint)")
            }
            guard label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
                throw .badHostName(text, "no part of a host name begins or ends with a hyphen")
            }
            wire.append(UInt8(label.count))
            wire += label.map { DomainName.lowercased($0) }
        }
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .badHostName(text, "it ends in a number and is not an IPv4 address of four numbers from 0 to 255")
        }
        wire.append(0)
        guard wire.count <= DomainName.longest else { throw .badHostName(text, "it is longer than 253 characters") }
        self.wire = wire
    }

    /// The name with `domain` after it, or nil if that is too long.
    package func inside(_ domain: DomainName) -> DomainName? {
        let whole = wire.dropLast() + domain.wire
        return whole.count <= DomainName.longest ? DomainName(wire: Array(whole), isAbsolute: true) : nil
    }

    /// Number of dots between the labels.
    package var dots: Int { max(0, labels.count - 1) }

    /// The labels, without their lengths.
    package var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var index = 0
        while index < wire.count, wire[index] > 0 {
            labels.append(wire[(index + 1)..<(index + 1 + Int(wire[index]))])
            index += 1 + Int(wire[index])
        }
        return labels
    }

    /// A letter in lower case; any other byte as it is.
    package static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(lowercased(byte)) || byte == 0x2D || byte == 0x5F
    }

    /// Two names are the same when their labels are, whatever the search list does with them.
    public static func == (left: DomainName, right: DomainName) -> Bool { left.wire == right.wire }
    /// Mixes in the labels only.
    public func hash(into hasher: inout Hasher) { hasher.combine(wire) }
}

extension DomainName: CustomStringConvertible {
    /// The name with dots, without one at its end. What a packet may hold and a terminal should not see is written
    /// as `\` and three digits.
    public var description: String {
        labels.map { label in
            label.map { byte in
                let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "\\")
                let digits = String(byte)
                return isPlain
                    ? String(Unicode.Scalar(byte)) : "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }.joined()
        }.joined(separator: ".")
    }
}
