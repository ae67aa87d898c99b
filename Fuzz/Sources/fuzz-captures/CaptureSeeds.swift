internal import FerryPacket
internal import FuzzLoop

/// Captures of a short conversation: in pcap and pcapng, with each kind of link.
enum CaptureSeeds {
    static func all() -> [FuzzLoop.Seed] {
        let links: [(LinkType, [UInt8])] = [
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x81, 0, 0, 5, 8, 0]),
            (.rawIP, []), (.linuxCooked, [UInt8](repeating: 0, count: 14) + [8, 0]),
            (.linuxCooked2, [8, 0] + [UInt8](repeating: 0, count: 18)), (.loopback, [2, 0, 0, 0]),
        ]
        var seeds: [FuzzLoop.Seed] = links.map { link, start in
            var writer = PcapWriter(link: link)
            for (index, packet) in packets.enumerated() {
                (start + packet).withUnsafeBytes {
                    writer.append($0, at: PacketTime(nanoseconds: Int64(index) * 20_000_000))
                }
            }
            return ("pcap-\(link.rawValue)", [0x33] + writer.bytes)
        }
        seeds.append(("pcapng", [0x33] + pcapng))
        return seeds
    }

    private static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func ip(_ isClient: Bool, _ number: UInt8, fragment: UInt16 = 0, _ payload: [UInt8]) -> [UInt8] {
        let ends: [[UInt8]] = [[192, 0, 2, 1], [203, 0, 113, 11]]
        return [0x45, 0] + big(UInt16(20 + payload.count)) + [0, 7] + big(fragment) + [64, number, 0, 0]
            + ends[isClient ? 0 : 1] + ends[isClient ? 1 : 0] + payload
    }

    private static func tcp(_ isClient: Bool, _ flags: UInt8, _ seq: UInt32, _ ack: UInt32, _ count: Int = 0) -> [UInt8]
    {
        let ports: [UInt16] = isClient ? [40_000, 8703] : [8703, 40_000]
        let options: [UInt8] = flags & 2 != 0 ? [2, 4, 5, 180, 4, 2, 1, 1, 1, 3, 3, 7] : []
        return big(ports[0]) + big(ports[1]) + big(seq) + big(ack) + [
            UInt8(5 + options.count / 4) << 4, flags, 2, 0, 0, 0, 0, 0,
        ]
            + options + [UInt8](repeating: 7, count: count)
    }

    private static var packets: [[UInt8]] {
        let data = tcp(true, 0x18, 1001, 5001, 60)
        let large = tcp(true, 0x18, 1061, 5001, 60)
        return [
            ip(true, 6, tcp(true, 2, 1000, 0)), ip(false, 6, tcp(false, 0x12, 5000, 1001)), ip(true, 6, data),
            ip(true, 6, data), ip(false, 6, tcp(false, 0x10, 5001, 1061)),
            ip(true, 6, fragment: 0x2000, Array(large.prefix(48))),
            ip(true, 6, fragment: 6, Array(large.dropFirst(48))),
            ip(false, 1, [3, 4, 0, 0, 0, 0, 5, 0x78] + ip(true, 6, large)),
            ip(false, 6, tcp(false, 0x14, 5001, 1121)), ip(false, 6, tcp(false, 0x11, 5001, 1121, 5)),
        ]
    }

    private static func block(_ type: UInt32, _ content: [UInt8]) -> [UInt8] {
        let padded = content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        return little(type) + little(UInt32(padded.count + 12)) + padded + little(UInt32(padded.count + 12))
    }

    private static var pcapng: [UInt8] {
        let start = block(0x0A0D_0D0A, little(0x1A2B_3C4D as UInt32) + [1, 0, 0, 0] + little(Int64(-1)))
        let interface = block(1, [101, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0])
        return packets.reduce(start + interface) { file, packet in
            let length = little(UInt32(packet.count))
            return file
                + block(6, little(0 as UInt32) + little(0 as UInt32) + little(9 as UInt32) + length + length + packet)
        }
    }
}
