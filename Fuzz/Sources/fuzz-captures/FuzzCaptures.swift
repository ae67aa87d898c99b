internal import FerryCore
internal import FerryPacket
internal import FuzzLoop

/// The input is a byte that says in which pieces the file comes and how many flows are followed, then a capture file.
@main struct FuzzCaptures {
    static func main() {
        FuzzLoop.run(seeds: CaptureSeeds.all) { input in
            guard let first = input.first else { return }
            let file = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            let whole = CaptureReading(file, inPiecesOf: max(1, file.count), limit: 1 + Int(first & 15))
            let pieces = CaptureReading(file, inPiecesOf: 1 + Int(first >> 4) * 7, limit: 1 + Int(first & 15))
            precondition(whole == pieces)
        }
    }
}

/// What Ferry makes of a capture, as text, with what has to hold of any.
struct CaptureReading: Equatable {
    private var lines: [String] = []

    init(_ file: UnsafeRawBufferPointer, inPiecesOf size: Int, limit: Int) {
        var parser = CaptureParser()
        var table = FlowTable(limit: limit)
        var sequence = TimeSequence(flow: 0)
        var flows: [Flow] = []
        var start = 0
        var end = 0
        while end < file.count || file.isEmpty {
            end = min(file.count, end + size)
            start += parser.parse(UnsafeRawBufferPointer(rebasing: file[start..<end]), isEnd: end == file.count) {
                packet in
                table.take(packet) { taken in
                    // Of a datagram that came in fragments it is more than the last of them has.
                    precondition(taken.segment.payload.count <= file.count)
                    precondition(taken.segment.payloadLength >= 0)
                    sequence.take(taken, at: packet.time)
                } onEviction: {
                    flows.append($0)
                }
            }
            if file.isEmpty { break }
        }
        table.finish { flows.append($0) }
        precondition(flows.reduce(0) { $0 + $1.packets } == table.tally.segments, "a segment is in no flow or in two")
        precondition(flows.count == table.flowCount)
        for flow in flows {
            for side in [flow.client, flow.server] { precondition(side.newBytes <= side.payloadBytes) }
            if flow.number == 0 { sequence.flow(flow) }
            lines.append(JSONText.object { flow.write(to: &$0) })
        }
        lines.append(sequence.svg)
        lines.append(JSONText.object { table.tally.write(to: &$0) } + (parser.stop?.description ?? ""))
    }
}
