internal import FerryCore
internal import FerryEvidence
internal import FerryPacket

/// The connections to the suspect in captures that were made while it failed.
struct NaturalFailures {
    private let suspect: Site.Endpoint
    private var connections: [CapturedConnection] = []
    /// A busy server's capture has more than anybody needs: the latest count.
    private static let most = 1000

    /// Reads `paths`, and takes what is to the suspect of `site`.
    /// - Throws: `FerryError` if a file is no capture. One that is cut off is read as far as it goes.
    static func read(_ paths: [String], of site: Site) throws(FerryError) -> [CapturedConnection] {
        var failures = NaturalFailures(suspect: site.suspect)
        for path in paths {
            var table = FlowTable()
            _ = try CaptureFile(path: path).read { packet in
                table.take(packet) { _ in
                } onEviction: {
                    failures.take($0)
                }
            }
            table.finish { failures.take($0) }
        }
        return failures.connections
    }

    private init(suspect: Site.Endpoint) { self.suspect = suspect }

    private mutating func take(_ flow: Flow) {
        let server = flow.server.end
        guard server.port == suspect.port else { return }
        // A suspect that is called by name has whatever address it had then.
        let isAddress = suspect.host.contains(":") || suspect.host.allSatisfy { $0.isNumber || $0 == "." }
        guard !isAddress || "\(server.address)" == suspect.host, let outcome = NaturalFailures.outcome(flow) else {
            return
        }
        var connection = CapturedConnection(
            startedAt: "\(flow.start.utc)",
            seconds: Double(max(0, flow.duration)) / 1e9,
            source: "\(flow.client.end)",
            destination: "\(server)",
            outcome: outcome
        )
        connection.bytesSent = flow.client.newBytes
        if let ending = flow.ending, !ending.isClient {
            connection.isEndedByServer = true
            connection.signs = flow.forgery.names
            connection.isForged = flow.forgery.verdict == .likely
            if flow.server.timesToLive != nil { connection.endComesFromAsFar = !flow.forgery.contains(.timeToLive) }
        }
        if let offered = flow.client.opening?.options, let agreed = flow.server.opening?.options {
            if offered.windowScale != nil { connection.lacksWindowScale = agreed.windowScale == nil }
            if offered.permitsSACK { connection.lacksSelectiveAcknowledgement = !agreed.permitsSACK }
        }
        connections.append(connection)
        if connections.count > 2 * NaturalFailures.most {
            connections.removeFirst(connections.count - NaturalFailures.most)
        }
    }

    /// What it came to; nil if the capture does not tell.
    private static func outcome(_ flow: Flow) -> ProbeOutcome? {
        let kinds = Set(flow.troubles.map(\.kind))
        if kinds.contains(.icmpError), !flow.isEstablished { return .icmp }
        if kinds.contains(.refused) { return .refusedFull }
        if kinds.contains(.unanswered) { return .synTimeout }
        guard flow.isEstablished else { return nil }
        let isCut = flow.ending.map { !$0.isClient && $0.kind != .fin } ?? false
        if isCut { return flow.client.newBytes + flow.server.newBytes == 0 ? .connectReset : .midReset }
        if kinds.contains(.forgedEnd), flow.ending.map({ !$0.isClient }) ?? false { return .midClosed }
        if kinds.contains(.closedAtOnce) { return .connectClosed }
        if kinds.contains(.receiverStalled) { return .midStallAtReceiver }
        if kinds.contains(.fellSilent) || kinds.contains(.largeSegmentsLost) { return .midStall }
        return kinds.contains(.slowStart) ? .lateConnect : .ok
    }
}
