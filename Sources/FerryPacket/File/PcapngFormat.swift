/// pcapng: blocks with their length before and after them. Blocks of other kinds than packets and interfaces are passed
/// over.
struct PcapngFormat {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    private static let byteOrder: UInt32 = 0x1A2B_3C4D
    /// Blocks of names and secrets may be longer than a packet.
    private static let longestBlock = 16 << 20
    /// A capture of all devices of a large machine has hundreds.
    private static let mostInterfaces = 65_536

    private var isSwapped = false
    private var interfaces: [CaptureInterface] = []

    mutating func parse(
        _ bytes: PacketBytes,
        from start: Int,
        number: inout Int,
        _ body: (CapturedPacket) -> Void
    ) -> CaptureStep {
        var place = start
        while bytes.count - place >= 12 {
            let type = bytes.word(place, isSwapped: isSwapped)
            if type == PcapngFormat.sectionHeader {
                switch bytes.little32(place + 8) {
                case PcapngFormat.byteOrder: isSwapped = false
                case PcapngFormat.byteOrder.byteSwapped: isSwapped = true
                default: return CaptureStep(used: place, isDamaged: true)
                }
                interfaces.removeAll(keepingCapacity: true)
            }
            let length = Int(bytes.word(place + 4, isSwapped: isSwapped))
            guard length >= 12, length <= PcapngFormat.longestBlock, length % 4 == 0 else {
                return CaptureStep(used: place, isDamaged: true)
            }
            guard bytes.count - place >= length else { break }
            guard bytes.word(place + length - 4, isSwapped: isSwapped) == UInt32(length) else {
                return CaptureStep(used: place, isDamaged: true)
            }
            let content = bytes.from(place + 8).prefix(length - 12)
            switch type {
            case 1: readInterface(content)
            case 2, 3, 6:
                number += 1
                guard let packet = packet(content, type: type, number: number) else {
                    number -= 1
                    return CaptureStep(used: place, isDamaged: true)
                }
                body(packet)
            default: break
            }
            place += length
        }
        return CaptureStep(used: place)
    }

    private func packet(_ content: PacketBytes, type: UInt32, number: Int) -> CapturedPacket? {
        // A simple packet has no header but its length.
        let header = type == 3 ? 4 : 20
        guard content.count >= header else { return nil }
        let which =
            switch type {
            case 6: Int(content.word(0, isSwapped: isSwapped))
            case 2: Int(content.half(0, isSwapped: isSwapped))
            default: 0
            }
        guard which < interfaces.count else { return nil }
        let interface = interfaces[which]
        let wireLength = Int(content.word(type == 3 ? 0 : 16, isSwapped: isSwapped))
        let captured: Int
        if type == 3 {
            let limit = interface.snapLength == 0 ? Int.max : Int(interface.snapLength)
            captured = min(wireLength, limit, content.count - header)
        } else {
            captured = Int(content.word(12, isSwapped: isSwapped))
        }
        guard captured <= content.count - header, captured <= CaptureStep.longestPacket else { return nil }
        var time = PacketTime(nanoseconds: 0)
        if type != 3 {
            let upper = UInt64(content.word(4, isSwapped: isSwapped))
            time = interface.time(upper << 32 | UInt64(content.word(8, isSwapped: isSwapped)))
        }
        return CapturedPacket(
            number: number,
            time: time,
            link: interface.link,
            wireLength: wireLength,
            bytes: content.from(header).prefix(captured).buffer
        )
    }

    private mutating func readInterface(_ content: PacketBytes) {
        guard content.count >= 8, interfaces.count < PcapngFormat.mostInterfaces else { return }
        interfaces.append(CaptureInterface(content, isSwapped: isSwapped))
    }
}

/// What pcapng says of a device that was captured at.
struct CaptureInterface {
    let link: LinkType
    let snapLength: UInt32
    /// How many units of time a second has.
    private var unitsPerSecond: UInt64 = 1_000_000
    /// What is to be added to each time, in seconds.
    private var offset: Int64 = 0

    init(_ content: PacketBytes, isSwapped: Bool) {
        link = LinkType(rawValue: UInt32(content.half(0, isSwapped: isSwapped)))
        snapLength = content.word(4, isSwapped: isSwapped)
        var place = 8
        while content.count - place >= 4 {
            let code = content.half(place, isSwapped: isSwapped)
            let size = Int(content.half(place + 2, isSwapped: isSwapped))
            guard code != 0, content.count - place - 4 >= size else { return }
            if code == 9, size == 1 { setResolution(content.byte(place + 4)) }
            if code == 14, size == 8 {
                let first = UInt64(content.word(place + 4, isSwapped: isSwapped))
                let second = UInt64(content.word(place + 8, isSwapped: isSwapped))
                offset = Int64(bitPattern: isSwapped ? first << 32 | second : second << 32 | first)
            }
            place += 4 + (size + 3) / 4 * 4
        }
    }

    /// A negative power of ten, or with the upper bit of two.
    private mutating func setResolution(_ code: UInt8) {
        let exponent = Int(code & 0x7F)
        if code & 0x80 != 0 {
            if exponent < 64 { unitsPerSecond = 1 << UInt64(exponent) }
        } else if exponent <= 19 {
            unitsPerSecond = (0..<exponent).reduce(1) { product, _ in product * 10 }
        }
    }

    func time(_ units: UInt64) -> PacketTime {
        let second: Int64 = 1_000_000_000
        let rest = units % unitsPerSecond
        let fraction = unitsPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient
        let seconds = Int64(truncatingIfNeeded: units / unitsPerSecond) &+ offset
        return PacketTime(nanoseconds: seconds &* second &+ Int64(truncatingIfNeeded: fraction))
    }
}
