internal import FerryPacket

/// Where in its stream each segment of one side lies, and what the other has acknowledged when. Bounded: of a long
/// connection fewer plain segments are kept.
struct SequencePoints: Sendable {
    enum Kind: Sendable { case data, again, acknowledgement, opening, end, reset }

    struct Point: Sendable {
        /// Nanoseconds from the connection's first packet.
        var time: Int64
        var kind: Kind
        /// Bytes from the sender's first number: of the first byte, and of the one after the last.
        var from: Int
        var to: Int
    }

    /// Whether it is the client's data.
    let isOfClient: Bool
    private(set) var points: [Point] = []
    private var plain = 0
    private var highest = 0
    /// Of plain segments one of so many is kept.
    private(set) var thinning = 1

    /// More than a drawing has room for.
    private static let most = 8192

    init(ofClient: Bool) { isOfClient = ofClient }

    /// Takes a packet of either side.
    /// - Parameters:
    ///   - time: in nanoseconds from the connection's first packet.
    ///   - relative: its sequence number from its sender's first.
    ///   - bases: the first numbers of both, as far as known.
    mutating func take(
        _ packet: FlowTable.TakenPacket,
        at time: Int64,
        _ relative: Int,
        _ bases: (client: UInt32?, server: UInt32?)
    ) {
        let segment = packet.segment
        let isOwn = packet.isFromClient == isOfClient
        if segment.flags.contains(.rst) {
            // Of the peer's it is drawn how far the data had come.
            let place = isOwn ? relative : highest
            add(Point(time: time, kind: .reset, from: place, to: place))
        } else if isOwn {
            takeOwn(packet, time, relative)
        } else if segment.flags.contains(.ack), let base = isOfClient ? bases.client : bases.server {
            let acknowledged = Int(Int32(bitPattern: segment.acknowledgement &- base))
            if isKept() { add(Point(time: time, kind: .acknowledgement, from: acknowledged, to: acknowledged)) }
        }
    }

    private mutating func takeOwn(_ packet: FlowTable.TakenPacket, _ time: Int64, _ relative: Int) {
        let segment = packet.segment
        let end = relative + segment.payloadLength
        if segment.flags.contains(.syn) { add(Point(time: time, kind: .opening, from: relative, to: relative)) }
        if segment.payloadLength > 0 {
            highest = max(highest, end)
            let isAgain = !packet.marks.isDisjoint(with: .anyRetransmission)
            if isAgain || isKept() { add(Point(time: time, kind: isAgain ? .again : .data, from: relative, to: end)) }
        }
        if segment.flags.contains(.fin) { add(Point(time: time, kind: .end, from: end, to: end)) }
    }

    private mutating func isKept() -> Bool {
        plain += 1
        return plain % thinning == 0
    }

    private mutating func add(_ point: Point) {
        points.append(point)
        guard points.count >= SequencePoints.most else { return }
        thinning = min(1 << 40, thinning * 2)
        var number = 0
        points = points.filter { _ in
            number += 1
            return number % 2 == 0
        }
    }
}
