extension LinkHeader {
    /// The same as `length`, for links where captures are made seldom.
    static func lessUsual(_ bytes: PacketBytes, _ link: LinkType) -> Result<Int, DecodeProblem> {
        switch link {
        case .ppp, .pppFramed: ppp(bytes)
        case .ciscoHDLC: cisco(bytes)
        case .fddi: afterSubnetwork(bytes, at: 13)
        case .wireless: wireless(bytes, at: 0)
        case .radiotap:
            // Its length stands in it, least significant byte first.
            bytes.count >= 4
                ? wireless(bytes, at: Int(bytes.big16(2).byteSwapped)) : .failure(.truncated)
        case .netfilterLog: netfilterLog(bytes)
        default: .failure(.unknownLink)
        }
    }

    private static func ppp(_ bytes: PacketBytes) -> Result<Int, DecodeProblem> {
        guard bytes.count >= 4 else { return .failure(.truncated) }
        // Serial lines of Cisco's are captured under the same number; their first byte is no protocol of PPP.
        if [0x0F, 0x8F].contains(bytes.byte(0)) { return cisco(bytes) }
        return afterPPP(bytes, at: bytes.big16(0) == 0xFF03 ? 2 : 0)
    }

    private static func cisco(_ bytes: PacketBytes) -> Result<Int, DecodeProblem> {
        guard bytes.count >= 4 else { return .failure(.truncated) }
        return afterType(bytes, bytes.big16(2), at: 4)
    }

    private static func afterSubnetwork(_ bytes: PacketBytes, at place: Int) -> Result<Int, DecodeProblem> {
        guard let (type, start) = bytes.subnetwork(at: place) else { return .failure(.notIP) }
        return afterType(bytes, type, at: start)
    }

    /// IEEE 802.11: only frames of data that are not encrypted have a packet that can be read.
    private static func wireless(_ bytes: PacketBytes, at place: Int) -> Result<Int, DecodeProblem> {
        guard bytes.count >= place + 2 else { return .failure(.truncated) }
        let kind = bytes.byte(place)
        let flags = bytes.byte(place + 1)
        let isData = kind & 0x0C == 0x08 && kind & 0x40 == 0
        let isEncrypted = flags & 0x40 != 0
        guard isData, !isEncrypted else { return .failure(.notIP) }
        var length = 24
        // From one access point to another there is a fourth address.
        if flags & 0x03 == 0x03 { length += 6 }
        if kind & 0x80 != 0 { length += flags & 0x80 != 0 ? 6 : 2 }
        return afterSubnetwork(bytes, at: place + length)
    }

    /// Linux's netfilter log: fields with a length and a type, one of which is the packet.
    private static func netfilterLog(_ bytes: PacketBytes) -> Result<Int, DecodeProblem> {
        let payload: UInt16 = 9
        var place = 4
        while bytes.count >= place + 4 {
            // In the byte order of the machine; those that are captured at are little-endian.
            let length = Int(bytes.big16(place).byteSwapped)
            guard length >= 4 else { return .failure(.malformed) }
            if bytes.big16(place + 2).byteSwapped == payload { return .success(place + 4) }
            place += (length + 3) / 4 * 4
        }
        return .failure(.truncated)
    }
}
