import FerryAddress
import FerryEvidence
import FerryPacket
import Testing

@testable import FerryProbe

/// How packets add up to connections, without any being sent.
struct WatchedFlowTests {
    private let client = IPAddress.v4(0x0A00_0001)
    private let server = IPAddress.v4(0xC000_0201)

    private func packet(
        _ fromClient: Bool,
        _ sequence: UInt32,
        _ flags: UInt8,
        _ length: Int = 0,
        acknowledgement: UInt32 = 0
    ) -> [UInt8] {
        let ports: [UInt16] = fromClient ? [40_000, 8703] : [8703, 40_000]
        var segment = big(ports[0]) + big(ports[1]) + big(sequence) + big(acknowledgement)
        segment += [0x50, flags] + big(UInt16(1000)) + [0, 0, 0, 0]
        segment += [UInt8](repeating: 1, count: length)
        let (source, destination) = fromClient ? (client, server) : (server, client)
        return CraftedPacket.bytes(segment, from: source, to: destination, fromClient ? 64 : 53)
    }

    private func take(_ flows: inout WatchedFlows, _ bytes: [UInt8], isOutgoing: Bool, device: Int32, at: Double) {
        bytes.withUnsafeBytes { raw in
            // The kernel fills in the length of a packet of our own making; so it is in this one.
            guard case .segment(let header, let segment) = PacketDecoder.decode(raw, link: .rawIP) else {
                Issue.record("no segment")
                return
            }
            flows.take(header, segment, isOutgoing: isOutgoing, device: device, seconds: at)
        }
    }

    @Test func countsWhatIsForwardedOnce() throws {
        var flows = WatchedFlows(ports: [8703])
        let sent = [
            packet(true, 100, 0x02), packet(true, 101, 0x18, 10), packet(true, 121, 0x18, 10),
            packet(true, 111, 0x18, 10), packet(true, 101, 0x18, 10), packet(true, 151, 0x18, 10),
            packet(true, 161, 0x11),
        ]
        for (index, bytes) in sent.enumerated() {
            take(&flows, bytes, isOutgoing: false, device: 1, at: Double(index))
            take(&flows, bytes, isOutgoing: true, device: 2, at: Double(index))
        }
        let answer = packet(false, 900, 0x12, acknowledgement: 101)
        take(&flows, answer, isOutgoing: false, device: 2, at: 0.5)
        take(&flows, answer, isOutgoing: true, device: 1, at: 0.5)
        // What this host makes up in the server's name is seen only as it goes.
        take(&flows, packet(false, 901, 0x04), isOutgoing: true, device: 1, at: 7)
        let flow = try #require(flows.seen.first)
        #expect(flows.seen.count == 1)
        #expect(flow.client == "10.0.0.1" && flow.clientPort == 40_000 && flow.serverPort == 8703)
        #expect(flow.fromClient.packets == 7)
        #expect(flow.fromClient.firstSequence == 100)
        #expect(flow.fromClient.bytes == 50)
        #expect(flow.fromClient.reached == 60)
        #expect(flow.fromClient.repeats == 1)
        #expect(flow.fromClient.outOfOrder == 1)
        #expect(flow.fromClient.gaps == 1)
        #expect(flow.fromClient.openings.map(\.flags) == ["S"])
        #expect(flow.fromClient.closings.map(\.flags) == ["AF"])
        #expect(flow.fromServer.packets == 2)
        #expect(flow.fromServer.closings.map(\.flags) == ["R"])
        #expect(flow.fromServer.timeToLive == 53)
    }

    @Test func floodIsToldByItsNumberAndLeavesTheOpenedConnections() {
        var flows = WatchedFlows(ports: [8703])
        for number in 0..<2500 {
            var bytes = packet(true, 100, number < 2400 ? 0x10 : 0x02)
            // The ends differ by the source port.
            bytes[20] = UInt8(truncatingIfNeeded: number >> 8)
            bytes[21] = UInt8(truncatingIfNeeded: number)
            take(&flows, bytes, isOutgoing: false, device: 1, at: 0)
        }
        let (reported, unreported) = flows.report
        #expect(reported.count == 2000)
        #expect(unreported == 500)
        #expect(reported.count { !$0.fromClient.openings.isEmpty } == 100)
    }

    @Test func readsOffsetsOfAClosingPacket() throws {
        var flow = CapturedFlow()
        let packets: [(Bool, [UInt8])] = [
            (true, packet(true, 100, 0x02)), (false, packet(false, 500, 0x12, acknowledgement: 101)),
            (true, packet(true, 101, 0x18, 20, acknowledgement: 501)),
            (false, packet(false, 501, 0x10, 5, acknowledgement: 111)),
            (false, packet(false, 1966, 0x14, acknowledgement: 121)),
            (false, packet(false, 506, 0x10, acknowledgement: 121)),
        ]
        for (index, (isOurs, bytes)) in packets.enumerated() {
            bytes.withUnsafeBytes { raw in
                if case .segment(let header, let segment) = PacketDecoder.decode(raw, link: .rawIP) {
                    flow.take(header, segment, isOurs: isOurs, device: 1, seconds: Double(index))
                }
            }
        }
        #expect(flow.handshake?.roundTripSeconds == 1)
        let closing = try #require(flow.closing)
        #expect(closing.flags == "AR")
        #expect(closing.sequenceOffset == 1460)
        #expect(closing.acknowledgementOffset == 0)
        #expect(flow.closingCount == 1)
        #expect(flow.after.map(\.flags) == ["A"])
    }

    @Test func tellsTheOptionsOfAClosingPacket() throws {
        let options: [UInt8] = [2, 4, 0x05, 0xB4, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1]
        for (kinds, hasAll) in [(options, true), ([], false)] {
            var segment: [UInt8] = big(8703 as UInt16) + big(40_000 as UInt16)
            segment += big(501 as UInt32) + big(101 as UInt32)
            segment += [UInt8(0x50 + 4 * kinds.count), 0x14, 0, 0, 0, 0, 0, 0]
            let bytes = CraftedPacket.bytes(segment + kinds, from: server, to: client, 53)
            var flow = CapturedFlow()
            bytes.withUnsafeBytes { raw in
                if case .segment(let header, let segment) = PacketDecoder.decode(raw, link: .rawIP) {
                    flow.take(header, segment, isOurs: false, device: 1, seconds: 0)
                }
            }
            let closing = try #require(flow.closing)
            #expect(closing.flags == "AR" && closing.length == 0)
            #expect(closing.maximumSegment == (hasAll ? 1460 : nil) && closing.windowScale == (hasAll ? 7 : nil))
            #expect(closing.permitsSelectiveAcknowledgement == (hasAll ? true : nil))
            #expect(closing.hasTimestamps == hasAll)
        }
    }

    @Test func keepsTheLastHeaders() {
        var ring = HeaderRing(memory: 144 * 3)
        for index in 0..<5 {
            [UInt8](repeating: UInt8(index), count: 200).withUnsafeBytes {
                ring.add($0, time: Int64(index), wireLength: 200)
            }
        }
        #expect(ring.count == 3)
        let all = ring.file(since: 0)
        #expect(all.count == 24 + 3 * (16 + 128))
        #expect(ring.file(since: 4).count == 24 + 16 + 128)
        #expect(all[24 + 16] == 2)
    }

    @Test func assemblesLines() {
        var assembly = LineAssembly()
        #expect(assembly.lines(Array("ab".utf8))?.isEmpty == true)
        #expect(assembly.lines(Array("c\nd\ne".utf8))?.map { String(decoding: $0, as: UTF8.self) } == ["abc", "d"])
        #expect(assembly.lines([UInt8](repeating: 1, count: LineAssembly.longest + 1)) == nil)
    }

    @Test func readsTheKernelsTable() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 1 1
               1: 0200000A:9C40 010200C0:21FF 01 00000010:00000000 00:00000000 00000000     0        0 1 1
            """
        let rows = ConnectionTable.read(Array(text.utf8))
        #expect(rows.count == 2)
        #expect(rows[0].localPort == 8080 && rows[0].state == ConnectionTable.listening && rows[0].receiveQueue == 2)
        #expect("\(rows[1].remote)" == "192.0.2.1:8703" && rows[1].sendQueue == 16)
        #expect(PeerName("192.0.2.1:8703").port == 8703)
        #expect(PeerName("192.0.2.1").port == nil)
        #expect(PeerName("2001:db8::1").host == "2001:db8::1")
    }
}
