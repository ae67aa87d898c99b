internal import FerryAddress
internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import FerryPacket
internal import FerryResolver

/// The connections to the suspect in captures that were made while it failed.
struct NaturalFailures {
    private let addresses: Set<IPAddress>
    private let port: UInt16
    private var connections: [CapturedConnection] = []
    /// A busy server's capture has more than anybody needs: the latest count.
    private static let most = 1000

    /// Reads `paths`, and takes what is to the suspect of `site`.
    /// - Returns: those connections; and of each that is cut off or damaged, and was read as far as it goes, where it stopped.
    /// - Throws: `FerryError` if a file is no capture.
    static func read(
        _ paths: [String],
        of site: Site
    ) throws(FerryError) -> (connections: [CapturedConnection], cut: [String]) {
        var cut: [String] = []
        var failures = NaturalFailures(addresses: try addresses(of: site.suspect.host), port: site.suspect.port)
        for path in paths {
            var table = FlowTable()
            let progress = CaptureProgress(path: path)
            let stop = try progress.read { packet in
                table.take(packet) { _ in
                } onEviction: {
                    failures.take($0)
                }
            }
            table.finish { failures.take($0) }
            if let stop { cut.append("\(path.split(separator: "/").last ?? ""): \(stop)") }
        }
        return (failures.connections, cut)
    }

    private init(addresses: Set<IPAddress>, port: UInt16) {
        self.addresses = addresses
        self.port = port
    }

    /// A capture has addresses where a site may have a name: as that leads now.
    private static func addresses(of host: String) throws(FerryError) -> Set<IPAddress> {
        if let address = IPAddress(parsing: host) { return [address] }
        do throws(FerryError) {
            return Set(try Resolver(.ofThisServer()).addresses(of: host, within: .seconds(5)))
        } catch {
            throw FerryError(
                .evidence,
                operation: "find in the captures",
                subject: "connections to \(host)",
                cause: error.cause,
                advice: "Name the suspect by its address in the site file, or leave --capture out."
            )
        }
    }

    private mutating func take(_ flow: Flow) {
        let server = flow.server.end
        guard server.port == port, let address = IPAddress(parsing: "\(server.address)"), addresses.contains(address),
            let outcome = NaturalFailures.outcome(flow)
        else { return }
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
