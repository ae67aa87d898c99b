/// What went over the link, as the source server's device counts it: bytes with Ethernet headers.
struct LinkCounters: Codable, Equatable {
    var outBytes = 0
    var backBytes = 0
    var outPackets = 0
    var backPackets = 0

    /// The counters of `device` in a text like /proc/net/dev; nil if it is not there.
    init?(device: String, in text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == device else { continue }
            let numbers = parts[1].split(separator: " ").compactMap { Int($0) }
            guard numbers.count >= 10 else { return nil }
            // Eight columns of what came in, then as many of what went out; bytes and packets come first.
            (backBytes, backPackets, outBytes, outPackets) = (numbers[0], numbers[1], numbers[8], numbers[9])
            return
        }
        return nil
    }

    private init() {}

    static func - (after: LinkCounters, before: LinkCounters) -> LinkCounters {
        var difference = LinkCounters()
        difference.outBytes = after.outBytes - before.outBytes
        difference.backBytes = after.backBytes - before.backBytes
        difference.outPackets = after.outPackets - before.outPackets
        difference.backPackets = after.backPackets - before.backPackets
        return difference
    }
}
