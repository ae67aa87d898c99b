/// pcap: a header of 24 bytes, then records of a header and a packet.
struct PcapFormat {
    struct Magic {
        var isSwapped: Bool
        /// How many nanoseconds a unit of the fraction of a second has.
        var unit: Int64
        /// How long the header of a record is.
        var header = 16
    }

    /// By the file's first four bytes, least significant first. The two of 24 bytes are of a patch for Linux from 1999
    /// that is still met.
    static let magics: [UInt32: Magic] = [
        0xA1B2_C3D4: Magic(isSwapped: false, unit: 1000),
        0xD4C3_B2A1: Magic(isSwapped: true, unit: 1000),
        0xA1B2_3C4D: Magic(isSwapped: false, unit: 1),
        0x4D3C_B2A1: Magic(isSwapped: true, unit: 1),
        0xA1B2_CD34: Magic(isSwapped: false, unit: 1000, header: 24),
        0x34CD_B2A1: Magic(isSwapped: true, unit: 1000, header: 24),
    ]

    private let magic: Magic
    private let link: LinkType

    init(_ bytes: PacketBytes, _ magic: Magic) {
        self.magic = magic
        // Above are the length of a checksum at the end of each packet and whether it counts.
        link = LinkType(rawValue: bytes.word(20, isSwapped: magic.isSwapped) & 0xFFFF)
    }

    func parse(
        _ bytes: PacketBytes,
        from start: Int,
        number: inout Int,
        _ body: (CapturedPacket) -> Void
    ) -> CaptureStep {
        var place = start
        while bytes.count - place >= magic.header {
            let captured = Int(bytes.word(place + 8, isSwapped: magic.isSwapped))
            guard captured <= CaptureStep.longestPacket else { return CaptureStep(used: place, isDamaged: true) }
            guard bytes.count - place - magic.header >= captured else { break }
            let seconds = Int64(bytes.word(place, isSwapped: magic.isSwapped))
            let fraction = Int64(bytes.word(place + 4, isSwapped: magic.isSwapped))
            number += 1
            body(
                CapturedPacket(
                    number: number,
                    time: PacketTime(nanoseconds: seconds * 1_000_000_000 + fraction * magic.unit),
                    link: link,
                    wireLength: Int(bytes.word(place + 12, isSwapped: magic.isSwapped)),
                    bytes: bytes.from(place + magic.header).prefix(captured).buffer
                )
            )
            place += magic.header + captured
        }
        return CaptureStep(used: place)
    }
}

extension PacketBytes {
    /// Four bytes in the order of whoever wrote the file.
    @inline(__always)
    func word(_ offset: Int, isSwapped: Bool) -> UInt32 { isSwapped ? big32(offset) : little32(offset) }
    /// The same of two bytes.
    @inline(__always)
    func half(_ offset: Int, isSwapped: Bool) -> UInt16 { isSwapped ? big16(offset) : big16(offset).byteSwapped }
}
