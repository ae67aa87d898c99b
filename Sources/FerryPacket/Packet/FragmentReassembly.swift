/// Puts the fragments of IP datagrams together, as far as a TCP header needs it: the first bytes are kept, of the others
/// only where they were. Bounded, and the oldest is given up.
struct FragmentReassembly {
    private struct Key: Hashable {
        var source: FlowAddress
        var destination: FlowAddress
        var identification: UInt32
        var protocolNumber: UInt8
    }

    private struct Datagram {
        var first: IPHeader?
        var head: [UInt8] = []
        var ranges: [Range<Int>] = []
        var length: Int?
        var order: Int
        /// All fragments' lengths with their headers, in bytes.
        var ipBytes = 0
    }

    private static let mostDatagrams = 1024
    private static let mostRanges = 128
    /// The longest TCP header and a little data.
    private static let keptBytes = 128

    private var datagrams: [Key: Datagram] = [:]
    private var order = 0

    /// Datagrams of which not all was seen.
    private(set) var incomplete = 0

    /// Takes a fragment. If the datagram is now whole, hands its header, whose payload is what was kept, to `body`.
    mutating func take(_ fragment: IPHeader, _ body: (IPHeader) -> Void) {
        let key = Key(
            source: fragment.source,
            destination: fragment.destination,
            identification: fragment.identification,
            protocolNumber: fragment.protocolNumber
        )
        let start = fragment.fragmentOffset
        let end = start + fragment.payloadLength
        guard fragment.payloadLength > 0, end <= 65_535 else { return }
        if datagrams[key] == nil {
            if datagrams.count >= FragmentReassembly.mostDatagrams { dropOldest() }
            order += 1
            datagrams[key] = Datagram(order: order)
        }
        guard var datagram = datagrams.removeValue(forKey: key) else { return }
        datagram.ipBytes += fragment.length
        if start == 0, datagram.first == nil {
            datagram.first = fragment
            datagram.head = Array(fragment.payload.prefix(FragmentReassembly.keptBytes))
        }
        if !fragment.moreFragments { datagram.length = end }
        FragmentReassembly.add(start..<end, to: &datagram.ranges)
        if let length = datagram.length, datagram.ranges.first == 0..<length, let first = datagram.first {
            hand(first, datagram, length, body)
        } else if datagram.ranges.count <= FragmentReassembly.mostRanges {
            datagrams[key] = datagram
        } else {
            incomplete += 1
        }
    }

    /// How many datagrams have not come whole, those that wait included.
    var unfinished: Int { incomplete + datagrams.count }

    private func hand(_ first: IPHeader, _ datagram: Datagram, _ length: Int, _ body: (IPHeader) -> Void) {
        datagram.head.withUnsafeBytes { bytes in
            var whole = first
            whole.length = first.headerLength + length
            whole.payload = bytes
            whole.moreFragments = false
            body(whole)
        }
    }

    private mutating func dropOldest() {
        guard let oldest = datagrams.min(by: { $0.value.order < $1.value.order }) else { return }
        datagrams.removeValue(forKey: oldest.key)
        incomplete += 1
    }

    private static func add(_ new: Range<Int>, to ranges: inout [Range<Int>]) {
        var merged = new
        ranges.removeAll { range in
            guard range.lowerBound <= merged.upperBound, merged.lowerBound <= range.upperBound else { return false }
            merged = min(range.lowerBound, merged.lowerBound)..<max(range.upperBound, merged.upperBound)
            return true
        }
        ranges.insert(merged, at: ranges.firstIndex { $0.lowerBound > merged.lowerBound } ?? ranges.count)
    }
}
