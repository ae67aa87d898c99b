import Testing

@testable import FerryPacket

/// What was in a packet, kept after its bytes are gone.
private struct Seen {
    var header: IPHeader
    var segment: TCPSegment
    var payload: [UInt8]
}

struct PacketDecoderTests {
    private func seen(_ bytes: [UInt8], _ link: LinkType, wireLength: Int? = nil) throws -> Seen {
        try bytes.withUnsafeBytes { buffer in
            let decoded = PacketDecoder.decode(buffer, link: link, wireLength: wireLength)
            guard case .segment(let header, let segment) = decoded else {
                Issue.record("no segment: \(decoded)")
                throw DecodeProblem.malformed
            }
            return Seen(header: header, segment: segment, payload: Array(segment.payload))
        }
    }

    @Test func everyFieldOfASegmentIsRead() throws {
        var maker = PacketMaker(service: 0b101110_10, acknowledgement: 77, flags: [.syn, .ack, .ece])
        maker.options = PacketMaker.handshakeOptions
        maker.payload = [1, 2, 3]
        let seen = try seen(maker.ethernet, .ethernet)
        #expect(seen.header.source.description == "192.0.2.1")
        #expect(seen.header.destination.description == "203.0.113.11")
        #expect(seen.header.timeToLive == 64)
        #expect(seen.header.identification == 7)
        #expect(seen.header.dontFragment)
        #expect(seen.header.serviceCode == 46)
        #expect(seen.header.congestion == 2)
        #expect(seen.segment.sourcePort == 40_000)
        #expect(seen.segment.destinationPort == 8703)
        #expect(seen.segment.sequence == 1000)
        #expect(seen.segment.acknowledgement == 77)
        #expect(seen.segment.flags == [.syn, .ack, .ece])
        #expect(seen.segment.window == 64_240)
        #expect(seen.segment.options.maximumSegment == 1460)
        #expect(seen.segment.options.windowScale == 7)
        #expect(seen.segment.options.permitsSACK)
        #expect(seen.segment.options.timestamp == 1)
        #expect(seen.segment.payloadLength == 3)
        #expect(seen.payload == [1, 2, 3])
        #expect(seen.segment.sequenceLength == 4)
    }

    @Test func everyLinkTypeLeadsToTheSamePacket() throws {
        let ip = PacketMaker(payload: [9]).ip
        let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]
        let starts: [(LinkType, [UInt8])] = [
            (.rawIP, []), (.rawIPv4, []), (.loopback, [2, 0, 0, 0]),
            (.linuxCooked, [UInt8](repeating: 0, count: 14) + [8, 0]),
            (.linuxCooked2, [8, 0] + [UInt8](repeating: 0, count: 18)),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [8, 0]),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x81, 0, 0, 5, 8, 0]),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0]),
            (.linuxCooked2, [0x81, 0] + [UInt8](repeating: 0, count: 18) + [0, 5, 8, 0]),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0, 60] + snap),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64]),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x81, 0, 0, 5, 0x88, 0x47, 0, 2, 1, 64]),
            (.ethernet, [UInt8](repeating: 0, count: 12) + [0x88, 0x64, 0x11, 0, 0, 1, 0, 60, 0, 0x21]),
            (.ppp, [0, 0x21]), (.ppp, [0xFF, 3, 0, 0x21]), (.ppp, [0x0F, 0, 8, 0]), (.pppFramed, [0xFF, 3, 0, 0x21]),
            (.pppFramed, [0xFF, 3, 2, 0x81, 0, 2, 1, 64]), (.ciscoHDLC, [0x0F, 0, 8, 0]),
            (.fddi, [UInt8](repeating: 0, count: 13) + snap),
            (.wireless, [8, 1] + [UInt8](repeating: 0, count: 22) + snap),
            (.wireless, [0x88, 3] + [UInt8](repeating: 0, count: 30) + snap),
            (.radiotap, [0, 0, 9, 0, 0, 0, 0, 0, 0, 8, 2] + [UInt8](repeating: 0, count: 22) + snap),
            (.netfilterLog, [2, 0, 0, 0, 5, 0, 10, 0, 0, 0, 0, 0, 45, 0, 9, 0]),
        ]
        for (link, start) in starts {
            #expect(try seen(start + ip, link).payload == [9], "\(link)")
        }
    }

    @Test func paddingOfEthernetIsNoData() throws {
        let frame = PacketMaker(flags: .ack).ethernet
        let seen = try seen(frame + [0, 0, 0, 0, 0, 0], .ethernet)
        #expect(seen.segment.payloadLength == 0)
        #expect(seen.payload.isEmpty)
    }

    @Test func aCutSnapshotStillTellsHowLongTheDataWas() throws {
        let frame = PacketMaker(payload: [UInt8](repeating: 1, count: 500)).ethernet
        let seen = try seen(Array(frame.prefix(60)), .ethernet, wireLength: frame.count)
        #expect(seen.segment.payloadLength == 500)
        #expect(seen.payload.count == 60 - 54)
    }

    @Test func noPacketIsLongerThanItsFrame() throws {
        var packet = PacketMaker(payload: [1, 2, 3, 4]).ip
        packet[2] = 0x90
        #expect(try seen(packet, .rawIP).segment.payloadLength == 4)
        #expect(try seen(packet, .rawIP, wireLength: packet.count + 5).segment.payloadLength == 9)
    }

    @Test(arguments: [LinkType.ethernet, .ppp, .fddi, .ciscoHDLC, .wireless, .radiotap, .netfilterLog])
    func everyCutOfALinksHeaderIsTakenWithoutHarm(link: LinkType) {
        let starts: [[UInt8]] = [
            [0, 0, 4, 0, 0x88, 3] + [UInt8](repeating: 0, count: 30), [0xFF, 3, 2, 0x81, 0, 0, 0, 0, 0, 0, 1, 0],
            [UInt8](repeating: 0, count: 12) + [0x88, 0x47] + [UInt8](repeating: 0, count: 50),
            [2, 0, 0, 0, 3, 0, 1, 0], [2, 0, 0, 0, 0xFF, 0xFF, 1, 0, 0],
        ]
        for start in starts {
            for count in 0...start.count {
                Array(start.prefix(count)).withUnsafeBytes { bytes in
                    guard case .segment = PacketDecoder.decode(bytes, link: link) else { return }
                    Issue.record("a segment of \(count) bytes")
                }
            }
        }
    }

    @Test func aLengthOfZeroMeansWhatWasOnTheWire() throws {
        var packet = PacketMaker(payload: [1, 2, 3, 4]).ip
        packet[2] = 0
        packet[3] = 0
        #expect(try seen(packet, .rawIP).payload == [1, 2, 3, 4])
    }

    @Test func extensionHeadersOfIPv6AreSkipped() throws {
        let maker = PacketMaker(
            source: [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [1],
            destination: [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]
        )
        let hopByHop: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
        let options: [UInt8] = [6, 1] + [UInt8](repeating: 0, count: 14)
        let packet = maker.ip(protocolNumber: 0, payload: hopByHop + options + maker.tcp)
        let seen = try seen(packet, .rawIP)
        #expect(seen.header.source.description == "2001:db8::1")
        #expect(seen.header.headerLength == 64)
        #expect(seen.segment.destinationPort == 8703)
    }

    @Test func selectiveAcknowledgementsAreRead() throws {
        let blocks: [UInt8] = [0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 30, 0, 0, 0, 40]
        let seen = try seen(PacketMaker(flags: .ack, options: [1, 1, 5, 18] + blocks).ip, .rawIP)
        #expect(seen.segment.options.sackBlockCount == 2)
        #expect(seen.segment.options.sackBlocks[1] == SACKBlock(left: 30, right: 40))
    }

    @Test func anICMPErrorTellsWhatItIsAbout() throws {
        let quoted = PacketMaker(timeToLive: 3, sequence: 4711).ip.prefix(28)
        let router = PacketMaker(source: [10, 0, 0, 1], destination: [192, 0, 2, 1])
        let packet = router.ip(protocolNumber: 1, payload: [3, 4, 0, 0, 0, 0, 5, 0x78] + quoted)
        packet.withUnsafeBytes { bytes in
            guard case .icmpError(let header, let error) = PacketDecoder.decode(bytes, link: .rawIP) else {
                Issue.record("no error")
                return
            }
            #expect(header.source.description == "10.0.0.1")
            #expect(error.type == 3)
            #expect(error.code == 4)
            #expect(error.nextHopMTU == 1400)
            #expect(error.quoted.timeToLive == 3)
            #expect(error.sequence == 4711)
            #expect(error.destinationPort == 8703)
            #expect(error.flags == nil)
        }
    }

    @Test func everyCutOfAPacketIsTakenWithoutHarm() {
        let packet = PacketMaker(options: PacketMaker.handshakeOptions, payload: [1, 2, 3]).ethernet
        for count in 0...packet.count {
            // A copy of its own, so that a read beyond it is one beyond an allocation.
            Array(packet.prefix(count)).withUnsafeBytes { bytes in
                let decoded = PacketDecoder.decode(bytes, link: .ethernet, wireLength: packet.count)
                if case .segment = decoded {
                    #expect(count >= 54)
                } else {
                    #expect(count < 54)
                }
            }
        }
    }
}
