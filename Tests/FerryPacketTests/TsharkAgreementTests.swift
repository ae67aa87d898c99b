import Foundation
import Testing

@testable import FerryPacket

/// The same capture in front of tshark. Ferry's marks are by the rules of Wireshark 4.0.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct TsharkAgreementTests {
    /// Conversations as no network would make them: every number is near where it could be, nothing is where it should.
    private func invented(flows: Int, packets: Int, _ random: inout SeededNumbers) -> FlowMaker {
        var maker = FlowMaker()
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        for port in 0..<flows {
            var next = [0 as UInt32, 0]
            for _ in 0..<packets {
                let isClient = pick(2) == 0
                let own = isClient ? 0 : 1
                var flags: TCPFlags = pick(12) == 0 ? [] : .ack
                switch pick(24) {
                case 0, 1: flags = pick(2) == 0 ? .syn : [.syn, .ack]
                case 2: flags.insert(.fin)
                case 3: flags.insert(.rst)
                default: break
                }
                let bytes = [0, 0, 1, 10, 100, 1448][pick(6)]
                let seq =
                    pick(3) > 0 ? next[own] : next[own] &+ UInt32([0, 1, 100, 1448][pick(4)]) &- UInt32(pick(1500))
                var ack = next[1 - own] &- (pick(3) > 0 ? 0 : UInt32(pick(1500)))
                // Of what was never seen, as where the capture has lost packets.
                if pick(10) == 0 { ack &+= UInt32(pick(1500)) }
                let window = [0, 500, 500, 501, 1448][pick(5)] as UInt16
                let wait = [0.01, 0.5, 2.5, 15, 40, 300][pick(6)]
                maker.send(
                    isClient ? .client : .server,
                    flags,
                    seq: seq,
                    ack: ack,
                    bytes: flags.contains(.syn) ? 0 : bytes,
                    window: window,
                    at: maker.clock + wait
                ) {
                    if isClient {
                        $0.sourcePort = 10_000 + UInt16(port)
                    } else {
                        $0.destinationPort = 10_000 + UInt16(port)
                    }
                    if $0.flags.contains(.syn), port % 3 == 0 { $0.options = [2, 4, 5, 180] }
                }
                let end =
                    seq &+ UInt32(flags.contains(.syn) ? 0 : bytes) &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
                if Int32(bitPattern: end &- next[own]) > 0 { next[own] = end }
            }
        }
        return maker
    }

    @Test func everyMarkOfInventedConversationsIsTsharks() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("TsharkAgreementTests: seed \(seed)")
        var random = SeededNumbers(seed)
        let maker = invented(flows: 300, packets: 40, &random)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-\(seed).pcap").path
        try Data(maker.file).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let theirs = try Tshark.read(file)
        let (flows, ours) = maker.read()
        #expect(theirs.count == maker.packets)
        var differing: [Int] = []
        for (number, packet) in theirs where ours[number] != packet.marks { differing.append(number) }
        let first = differing.min()
        #expect(
            differing.isEmpty,
            """
            seed \(seed): \(differing.count) of \(theirs.count) packets differ, the first is \(first ?? 0): \
            tshark \(first.flatMap { theirs[$0]?.marks.names } ?? []), Ferry \(first.flatMap { ours[$0]?.names } ?? [])
            """
        )
        let streams = Dictionary(grouping: try Tshark.read(file, inTwoPasses: true).values, by: \.stream)
        #expect(flows.count == streams.count)
        for flow in flows {
            let packets = streams[flow.number] ?? []
            #expect(packets.count == flow.packets, "seed \(seed), flow \(flow.number)")
            // With its own packet tshark tells what was before that.
            if packets.count > 1 {
                let completeness = packets.compactMap(\.completeness).max()
                #expect(completeness == Int(flow.completeness), "seed \(seed), flow \(flow.number)")
            }
            // tshark tells it only beside something else that it has to tell.
            guard let firstRoundTrip = packets.compactMap(\.firstRoundTrip).first else { continue }
            #expect(firstRoundTrip == flow.handshake.firstRoundTrip, "seed \(seed), flow \(flow.number)")
        }
    }
}
