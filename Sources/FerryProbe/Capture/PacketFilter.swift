internal import CFerryLinux
internal import FerryAddress

/// A filter of classic BPF over packets that begin with their IP header: which of them the kernel hands over, and how much.
struct PacketFilter {
    private enum Target {
        case next
        case keep
        case drop
        case label(Int)
    }

    private struct Step {
        var code: UInt16
        var value: UInt32
        var isTrue = Target.next
        var isFalse = Target.next
    }

    private var steps: [Step] = []
    private var labels: [Int: Int] = [:]

    /// Headers with all their options, and what an ICMP error quotes.
    static let snap = 160

    /// Jumps reach 255 steps: so many ports fit into a program for one family, and into one for both.
    private static let mostPorts = (ofOneFamily: 60, ofBoth: 24)

    /// TCP between `host` (any, of either family, if nil) and others at one of `ports` (all, if empty) of either end; and ICMP
    /// errors, where they are wanted.
    init(host: IPAddress?, ports: [UInt16], takesErrors: Bool) {
        load(byte: 0)
        steps.append(Step(code: 0x54, value: 0xF0))  // and
        guard let host else {
            let ports = ports.prefix(PacketFilter.mostPorts.ofBoth)
            test(equal: 0x60, then: .label(PacketFilter.ofIPv6))
            test(equal: 0x40, else: .drop)
            takeIPv4(nil, ports, takesErrors)
            labels[PacketFilter.ofIPv6] = steps.count
            takeIPv6(nil, ports, takesErrors)
            finish()
            return
        }
        let ports = ports.prefix(PacketFilter.mostPorts.ofOneFamily)
        test(equal: host.isIPv6 ? 0x60 : 0x40, else: .drop)
        if host.isIPv6 { takeIPv6(host, ports, takesErrors) } else { takeIPv4(host, ports, takesErrors) }
        finish()
    }

    private static let ofIPv6 = 2

    private mutating func takeIPv4(_ host: IPAddress?, _ ports: ArraySlice<UInt16>, _ takesErrors: Bool) {
        load(byte: 9)
        if takesErrors { test(equal: 1, then: .keep) }
        test(equal: 6, else: .drop)
        if let host { match(host) }
        // What is no first fragment has no ports.
        load(half: 6)
        steps.append(Step(code: 0x45, value: 0x1FFF, isTrue: .drop))  // jset
        steps.append(Step(code: 0xB1, value: 0))  // ldx 4*([0]&15)
        take(ports, load: 0x48, from: 0)
    }

    private mutating func takeIPv6(_ host: IPAddress?, _ ports: ArraySlice<UInt16>, _ takesErrors: Bool) {
        load(byte: 6)
        if takesErrors { test(equal: 58, then: .keep) }
        test(equal: 6, else: .drop)
        if let host { match(host) }
        take(ports, load: 0x28, from: 40)
    }

    /// Keeps what has one of `ports` at either end, else drops it.
    private mutating func take(_ ports: ArraySlice<UInt16>, load code: UInt16, from start: UInt32) {
        if ports.isEmpty {
            test(equal: 0, then: .keep, else: .keep)
            return
        }
        for offset in [start, start + 2] {
            steps.append(Step(code: code, value: offset))
            for port in ports { test(equal: UInt32(port), then: .keep) }
        }
        steps.append(Step(code: 0x06, value: 0))
    }

    /// The program, as the kernel takes it.
    var instructions: [ferry_filter_instruction] {
        let keep = steps.count - 2
        return steps.enumerated().map { index, step in
            func offset(_ target: Target) -> UInt8 {
                switch target {
                case .next: 0
                case .keep: UInt8(clamping: keep - index - 1)
                case .drop: UInt8(clamping: keep + 1 - index - 1)
                case .label(let label): UInt8(clamping: (labels[label] ?? 0) - index - 1)
                }
            }
            return ferry_filter_instruction(
                code: step.code,
                if_true: offset(step.isTrue),
                if_false: offset(step.isFalse),
                value: step.value
            )
        }
    }

    /// The address as source or destination.
    private mutating func match(_ host: IPAddress) {
        let bytes = host.bytes
        let words = stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        }
        let places: [UInt32] = host.isIPv6 ? [8, 24] : [12, 16]
        for (turn, place) in places.enumerated() {
            for (index, word) in words.enumerated() {
                steps.append(Step(code: 0x20, value: place + UInt32(4 * index)))  // ld
                let isLast = index == words.count - 1
                test(equal: word, then: isLast ? .label(1) : .next, else: turn == 0 ? .label(0) : .drop)
            }
            if turn == 0 { labels[0] = steps.count }
        }
        labels[1] = steps.count
    }

    private mutating func load(byte: UInt32) { steps.append(Step(code: 0x30, value: byte)) }
    private mutating func load(half: UInt32) { steps.append(Step(code: 0x28, value: half)) }
    private mutating func test(equal value: UInt32, then: Target = .next, else other: Target = .next) {
        steps.append(Step(code: 0x15, value: value, isTrue: then, isFalse: other))
    }
    private mutating func finish() {
        steps.append(Step(code: 0x06, value: UInt32(PacketFilter.snap)))
        steps.append(Step(code: 0x06, value: 0))
    }
}
