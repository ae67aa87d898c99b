internal import FerryEvidence
internal import FerryPacket

/// Connections as they pass a host, each packet counted once.
///
/// What a host forwards passes it twice, as it comes and as it goes. The copy that comes counts; the one that goes only where
/// the other cannot be of the same connection: what the host sends itself, and what it has translated, which has other
/// addresses then. Of packets that open or close, a copy that goes counts too if none of the same kind came: the host, or
/// something within it, has made it up.
struct WatchedFlows {
    private struct Key: Hashable {
        var low: FlowAddress
        var lowPort: UInt16
        var high: FlowAddress
        var highPort: UInt16
    }

    private struct Watched {
        var flow: SeenFlow
        var client: FlowAddress
        var fromClient = WatchedDirection()
        var fromServer = WatchedDirection()
    }

    private var flows: [Key: Watched] = [:]
    private var order: [Key] = []
    private let ports: Set<UInt16>
    /// 1 if there were connections that were not kept: how many cannot be known without keeping them.
    private var unkept = 0
    /// More connections would fill the memory of whoever watches a busy server.
    private static let most = 20_000
    /// More would not go into an answer's line, which anybody who floods the far end with requests could bring about.
    private static let mostReported = 2000
    /// Bytes of what is reported, and what of them a connection and a packet listed with it take at the most.
    private static let room = 3 << 20
    private static let roomOfFlow = 900
    private static let roomOfPacket = 400

    init(ports: [UInt16]) { self.ports = Set(ports) }

    mutating func take(
        _ header: IPHeader,
        _ segment: TCPSegment,
        isOutgoing: Bool,
        device: Int32,
        seconds: Double
    ) {
        let isLow = (header.source, segment.sourcePort) < (header.destination, segment.destinationPort)
        let key =
            isLow
            ? Key(
                low: header.source,
                lowPort: segment.sourcePort,
                high: header.destination,
                highPort: segment.destinationPort
            )
            : Key(
                low: header.destination,
                lowPort: segment.destinationPort,
                high: header.source,
                highPort: segment.sourcePort
            )
        if flows[key] == nil {
            guard flows.count < WatchedFlows.most else {
                unkept = 1
                return
            }
            flows[key] = begin(header, segment)
            order.append(key)
        }
        let isFromClient = flows[key].map {
            header.source == $0.client && segment.sourcePort == $0.flow.clientPort
        }
        let path: WritableKeyPath<Watched, WatchedDirection> = isFromClient == true ? \.fromClient : \.fromServer
        flows[key]?[keyPath: path].take(header, segment, isOutgoing: isOutgoing, device: device, seconds: seconds)
    }

    /// The client is who sends the request; without one, whose port is not among those watched, or is the higher one.
    private func begin(_ header: IPHeader, _ segment: TCPSegment) -> Watched {
        let isSourceServer: Bool
        if segment.flags.contains(.syn) {
            isSourceServer = segment.flags.contains(.ack)
        } else if ports.contains(segment.sourcePort) != ports.contains(segment.destinationPort) {
            isSourceServer = ports.contains(segment.sourcePort)
        } else {
            isSourceServer = segment.sourcePort < segment.destinationPort
        }
        let source = (header.source, segment.sourcePort)
        let destination = (header.destination, segment.destinationPort)
        let (client, server) = isSourceServer ? (destination, source) : (source, destination)
        return Watched(
            flow: SeenFlow(
                client: "\(client.0)",
                clientPort: client.1,
                server: "\(server.0)",
                serverPort: server.1
            ),
            client: client.0
        )
    }

    /// What was seen, in the order in which the connections were.
    var seen: [SeenFlow] {
        order.compactMap { key in
            guard let watched = flows[key] else { return nil }
            var flow = watched.flow
            flow.fromClient = watched.fromClient.seen
            flow.fromServer = watched.fromServer.seen
            return flow
        }
    }

    /// Of what was seen as much as an answer has room for, and how many connections are left out; nil if none is. Those
    /// that were opened meanwhile go first: they are what a watch is for.
    var report: (flows: [SeenFlow], unreported: Int?) {
        let all = seen
        let opened = all.indices.filter { all[$0].isOpened }
        var chosen: [Int] = []
        var room = WatchedFlows.room
        for index in opened + all.indices.filter({ !all[$0].isOpened }) {
            room -= WatchedFlows.roomOfFlow + all[index].listed * WatchedFlows.roomOfPacket
            guard room >= 0, chosen.count < WatchedFlows.mostReported else { break }
            chosen.append(index)
        }
        let left = all.count - chosen.count + unkept
        return (chosen.sorted().map { all[$0] }, left == 0 ? nil : left)
    }
}

extension SeenFlow {
    /// Whether a packet was seen that opens it.
    fileprivate var isOpened: Bool { !fromClient.openings.isEmpty || !fromServer.openings.isEmpty }
    /// Packets that are listed with it.
    fileprivate var listed: Int {
        [fromClient, fromServer].reduce(0) { $0 + $1.openings.count + $1.closings.count }
    }
}
