@testable import FerryPacket

/// Writes a conversation packet by packet, and what Ferry makes of it.
struct FlowMaker {
    enum Side {
        case client
        case server
    }

    private(set) var writer = PcapWriter(link: .ethernet)
    private(set) var packets = 0
    /// Milliseconds since the start.
    var clock = 0.0
    var client = PacketMaker(sequence: 1000)
    var server = PacketMaker(
        source: [203, 0, 113, 11],
        destination: [192, 0, 2, 1],
        sourcePort: 8703,
        destinationPort: 40_000,
        timeToLive: 53,
        sequence: 5000
    )

    /// A segment of the client or the server at `clock`; sequence numbers are relative to the SYN of each.
    mutating func send(
        _ side: Side,
        _ flags: TCPFlags,
        seq: UInt32 = 0,
        ack: UInt32 = 0,
        bytes: Int = 0,
        window: UInt16 = 500,
        at time: Double? = nil,
        change: (inout PacketMaker) -> Void = { _ in }
    ) {
        clock = time ?? clock + 1
        var maker = side == .client ? client : server
        maker.sequence = (side == .client ? 1000 : 5000) &+ seq
        maker.acknowledgement = flags.contains(.ack) ? (side == .client ? 5000 : 1000) &+ ack : 0
        maker.flags = flags
        maker.window = window
        maker.payload = [UInt8](repeating: 7, count: bytes)
        if flags.contains(.syn) { maker.options = PacketMaker.handshakeOptions }
        change(&maker)
        append(maker.ethernet)
    }

    mutating func append(_ frame: [UInt8]) {
        packets += 1
        frame.withUnsafeBytes {
            writer.append($0, at: PacketTime(nanoseconds: 1_700_000_000_000_000_000 + Int64(clock * 1e6)))
        }
    }

    /// The three packets that open a connection, with a round trip of 30 ms at the client.
    mutating func open() {
        send(.client, .syn, at: 0)
        send(.server, [.syn, .ack], ack: 1, at: 30)
        send(.client, .ack, seq: 1, ack: 1, at: 30.1)
    }

    var file: [UInt8] { writer.bytes }

    /// The flows of the file, and the marks of each packet by its number.
    func read() -> (flows: [Flow], marks: [Int: SegmentMarks]) { FlowMaker.read(file) }

    static func read(_ file: [UInt8], limit: Int = 1000) -> (flows: [Flow], marks: [Int: SegmentMarks]) {
        var table = FlowTable(limit: limit)
        var parser = CaptureParser()
        var flows: [Flow] = []
        var marks: [Int: SegmentMarks] = [:]
        file.withUnsafeBytes { bytes in
            _ = parser.parse(bytes, isEnd: true) { packet in
                table.take(packet) {
                    marks[packet.number] = $0.marks
                } onEviction: {
                    flows.append($0)
                }
            }
        }
        table.finish { flows.append($0) }
        return (flows, marks)
    }
}
