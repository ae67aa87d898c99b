import Testing

@testable import FerryPacket

struct CaptureParserTests {
    struct Seen: Equatable {
        var number: Int
        var time: Int64
        var link: LinkType
        var wireLength: Int
        var bytes: [UInt8]
    }

    private func parse(_ file: [UInt8], inPiecesOf size: Int? = nil) -> (packets: [Seen], stop: CaptureStop?) {
        var parser = CaptureParser()
        var packets: [Seen] = []
        var kept: [UInt8] = []
        var place = 0
        repeat {
            let piece = file[place..<min(file.count, place + (size ?? file.count))]
            place += piece.count
            kept += piece
            let used = kept.withUnsafeBytes { bytes in
                parser.parse(bytes, isEnd: place == file.count) { packet in
                    packets.append(
                        Seen(
                            number: packet.number,
                            time: packet.time.nanoseconds,
                            link: packet.link,
                            wireLength: packet.wireLength,
                            bytes: Array(packet.bytes)
                        )
                    )
                }
            }
            kept.removeFirst(used)
        } while place < file.count
        return (packets, parser.stop)
    }

    private static func word(_ value: UInt32, _ isBig: Bool) -> [UInt8] {
        withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    private static func half(_ value: UInt16, _ isBig: Bool) -> [UInt8] {
        withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    private func pcap(_ isBig: Bool, magic: UInt32, fraction: UInt32) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { Self.word(value, isBig) }
        let header =
            word(magic) + Self.half(2, isBig) + Self.half(4, isBig) + word(0) + word(0) + word(65_535) + word(101)
        return header + word(100) + word(fraction) + word(3) + word(9) + [1, 2, 3]
    }

    @Test(arguments: [true, false])
    func pcapIsReadInEitherOrderAndResolution(isBig: Bool) {
        for (magic, fraction) in [(0xA1B2_C3D4, 7), (0xA1B2_3C4D, 7000)] as [(UInt32, UInt32)] {
            let (packets, stop) = parse(pcap(isBig, magic: magic, fraction: fraction))
            #expect(stop == nil)
            #expect(
                packets == [
                    Seen(number: 1, time: 100_000_007_000, link: .rawIP, wireLength: 9, bytes: [1, 2, 3])
                ]
            )
        }
    }

    private func block(_ type: UInt32, _ content: [UInt8], _ isBig: Bool) -> [UInt8] {
        let padded = content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        let length = Self.word(UInt32(padded.count + 12), isBig)
        return Self.word(type, isBig) + length + padded + length
    }

    private func pcapng(_ isBig: Bool) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { Self.word(value, isBig) }
        func half(_ value: UInt16) -> [UInt8] { Self.half(value, isBig) }
        let section = block(0x0A0D_0D0A, word(0x1A2B_3C4D) + half(1) + half(0) + word(.max) + word(.max), isBig)
        let micro = block(1, half(1) + half(0) + word(96), isBig)
        let nano = block(
            1,
            half(101) + half(0) + word(0) + half(9) + half(1) + [9, 0, 0, 0] + half(0) + half(0),
            isBig
        )
        let name = block(4, [1, 2, 3, 4], isBig)
        let first = block(6, word(0) + word(1) + word(5) + word(3) + word(3) + [1, 2, 3], isBig)
        let second = block(6, word(1) + word(0) + word(77) + word(2) + word(8) + [4, 5], isBig)
        let simple = block(3, word(200) + [UInt8](repeating: 6, count: 96), isBig)
        return section + micro + nano + name + first + second + simple
    }

    @Test(arguments: [true, false])
    func pcapngIsReadWithTheClockOfEachInterface(isBig: Bool) {
        let file = pcapng(isBig) + pcapng(!isBig)
        let (packets, stop) = parse(file)
        #expect(stop == nil)
        #expect(packets.count == 6)
        #expect(
            Array(packets.prefix(3)) == [
                Seen(number: 1, time: ((1 << 32) + 5) * 1000, link: .ethernet, wireLength: 3, bytes: [1, 2, 3]),
                Seen(number: 2, time: 77, link: .rawIP, wireLength: 8, bytes: [4, 5]),
                Seen(number: 3, time: 0, link: .ethernet, wireLength: 200, bytes: [UInt8](repeating: 6, count: 96)),
            ]
        )
        #expect(packets.suffix(3).map(\.bytes) == packets.prefix(3).map(\.bytes))
        for size in 1...40 { #expect(parse(file, inPiecesOf: size).packets == packets) }
    }

    private var samples: [[UInt8]] {
        var maker = FlowMaker()
        maker.open()
        maker.send(.client, .ack, seq: 1, ack: 1, bytes: 300)
        maker.send(.server, .ack, seq: 1, ack: 301)
        let router = PacketMaker(source: [10, 0, 0, 1], destination: [192, 0, 2, 1])
        maker.append(
            [UInt8](repeating: 0, count: 12) + [8, 0]
                + router.ip(protocolNumber: 1, payload: [3, 4, 0, 0, 0, 0, 5, 0x78] + PacketMaker().ip)
        )
        maker.send(.server, [.rst, .ack], seq: 1, ack: 301)
        return [maker.file, pcapng(false), pcapng(true)]
    }

    @Test func fileCutAnywhereGivesWhatIsWholeAndSaysWhere() {
        for file in samples {
            let whole = parse(file).packets
            for count in 0..<file.count {
                let (packets, stop) = parse(Array(file.prefix(count)))
                #expect(packets == Array(whole.prefix(packets.count)))
                if packets.count < whole.count, let stop { #expect(stop.offset <= UInt64(count)) }
                if count < 4 { #expect(stop?.reason == .notACapture) }
            }
        }
    }

    @Test func spoiltFilesAreReadWithoutHarm() {
        let seed = UInt64.random(in: 0 ... .max)
        print("spoilt captures: seed \(seed)")
        var random = SeededNumbers(seed)
        for round in 0..<4000 {
            for file in samples {
                var spoilt = file
                for _ in 0...Int(random.next() % 8) {
                    let place = Int(random.next() % UInt64(spoilt.count))
                    switch random.next() % 4 {
                    case 0: spoilt[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: spoilt[place] = [0, 1, 0x7F, 0x80, 0xFF][Int(random.next() % 5)]
                    case 2: spoilt[place] ^= 1 << UInt8(random.next() % 8)
                    default: spoilt.removeSubrange(place..<min(spoilt.count, place + Int(random.next() % 9)))
                    }
                    if spoilt.isEmpty { spoilt = [0] }
                }
                let flows = FlowMaker.read(spoilt, limit: 3).flows
                for flow in flows {
                    #expect(flow.history.count <= 64, "seed \(seed), round \(round)")
                    _ = flow.troubles
                }
            }
        }
    }

    @Test func compressedFileIsNamedAsOne() {
        #expect(parse([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]).stop?.reason == .compressed("gzip"))
        #expect(parse([0x28, 0xB5, 0x2F, 0xFD, 0, 0]).stop?.reason == .compressed("zstd"))
        #expect(parse(Array("hello, this is a text file".utf8)).stop?.reason == .notACapture)
    }
}

/// SplitMix64, so that a failure can be repeated.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
