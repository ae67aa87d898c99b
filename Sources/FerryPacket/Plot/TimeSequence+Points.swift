extension TimeSequence {
    /// Something to be drawn of one side's data.
    public struct Point: Sendable {
        /// What it is.
        public enum Kind: Sendable {
            /// Data for the first time.
            case data
            /// Data that was sent again.
            case again
            /// How far the peer has acknowledged.
            case acknowledgement
            /// The side's SYN.
            case opening
            /// Its FIN.
            case end
            /// A RST of either side.
            case reset
        }

        /// Nanoseconds from the flow's first packet.
        public var time: Int64
        /// What it is.
        public var kind: Kind
        /// Bytes from the side's first number: of the first byte, and of the one after the last.
        public var from: Int
        /// See `from`.
        public var to: Int
    }

    /// What there is to be drawn of the data of the client, or of the server, in the order in which it was captured; for whoever
    /// draws it otherwise than ``svg``.
    public func points(ofClient isOfClient: Bool) -> [Point] {
        let side = isOfClient ? client : server
        guard let base = side?.opening?.sequence ?? events.first(where: { $0.isFromClient == isOfClient })?.start else {
            return []
        }
        var highest = 0
        return events.flatMap { event -> [Point] in
            let (from, to) = (event.start.distance(from: base), event.end.distance(from: base))
            let time = event.time - start
            func point(_ kind: Point.Kind, _ from: Int, _ to: Int) -> Point {
                Point(time: time, kind: kind, from: from, to: to)
            }
            let isOwn = event.isFromClient == isOfClient
            // Of the peer's RST it is told how far the data had come.
            if event.flags.contains(.rst) { return [point(.reset, isOwn ? from : highest, isOwn ? from : highest)] }
            guard isOwn else {
                let acknowledged = event.acknowledgement.distance(from: base)
                return event.flags.contains(.ack) ? [point(.acknowledgement, acknowledged, acknowledged)] : []
            }
            var points: [Point] = []
            if event.flags.contains(.syn) { points.append(point(.opening, from, from)) }
            let end = event.flags.contains(.fin) ? to - 1 : to
            let first = event.flags.contains(.syn) ? from + 1 : from
            if end > first {
                highest = max(highest, end)
                points.append(point(event.marks.isDisjoint(with: .anyRetransmission) ? .data : .again, first, end))
            }
            if event.flags.contains(.fin) { points.append(point(.end, end, end)) }
            return points
        }
    }
}
